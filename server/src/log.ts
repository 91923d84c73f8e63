import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";

/** What of an error's own fields the log keeps. */
const keptFields = ["code", "constraint", "table", "routine", "status", "statusCode"];

/** An error's message without the values that it quotes. */
function messageOf(error: Error): string {
  // The AI providers' own words: they may repeat the key or the question.
  if ("responseBody" in error || "requestBodyValues" in error) return "(what the provider said is left out)";
  // PostgreSQL puts values in quotes; Drizzle lists a statement's parameters at the end.
  const quoted = "routine" in error ? /"[^"]*"/g : /\nparams:[^]*/g;
  return error.message.replaceAll(quoted, "…").slice(0, 500);
}

/**
 * An error as the log keeps it. Libraries hang whole requests, statements' parameters and providers' answers on their
 * errors: keys, addresses, what people wrote. So the log takes only what is named here.
 */
function loggable(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const fields = keptFields.map((name): [string, unknown] => [name, Reflect.get(error, name)]);
  // The frames alone: the lines above them repeat the message.
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    type: error.constructor.name,
    message: messageOf(error),
    ...Object.fromEntries(fields.filter(([, value]) => typeof value === "string" || typeof value === "number")),
    stack: frames.join("\n"),
    ...(error.cause === undefined ? {} : { cause: loggable(error.cause) }),
  };
}

/** JSON lines, on standard output unless told otherwise. Bodies, headers and cookies are never logged. */
export function makeLog(level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: loggable },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What the rest of the server needs of a log. */
export type Log = Pick<Logger, "trace" | "debug" | "info" | "warn" | "error">;
