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

/** Hears of each error that is logged as one, with what stands in its line. */
export type OnError = (error: unknown, about: Record<string, unknown>) => void;

/** From here on a line tells of an error (pino's number). */
const errorLevel = 50;

/**
 * JSON lines, on standard output unless told otherwise. Bodies, headers and cookies are never logged. `onError` hears
 * whatever is logged as `log.error({ err: … })`.
 */
export function makeLog(level: string, destination?: DestinationStream, onError?: OnError): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: loggable },
    hooks: {
      logMethod(args, method, lineLevel) {
        const [about] = args as [unknown];
        if (onError && lineLevel >= errorLevel && typeof about === "object" && about !== null && "err" in about)
          onError(about.err, { ...this.bindings(), ...about });
        method.apply(this, args);
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What the rest of the server needs of a log. */
export type Log = Pick<Logger, "trace" | "debug" | "info" | "warn" | "error">;
