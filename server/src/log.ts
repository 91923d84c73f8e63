import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";

/** JSON lines, on standard output unless told otherwise. Bodies, headers and cookies are never logged. */
export function makeLog(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What the rest of the server needs of a log. */
export type Log = Pick<Logger, "trace" | "debug" | "info" | "warn" | "error">;
