import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";

/** JSON lines, on standard output unless told otherwise. Bodies, headers and cookies are never logged. */
export const makeLog = (level: string, destination?: DestinationStream): Logger => {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ["err.headers", "err.config"],
  };
  return destination ? pino(options, destination) : pino(options);
};
