import { pino, type Logger } from "pino";

/** JSON lines on standard output. Request bodies, headers and cookies are never logged. */
export const makeLog = (level: string): Logger => pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
