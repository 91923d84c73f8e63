const connectionErrors = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EPIPE",
  "57P01",
  "57P02",
  "57P03",
]);

const says = /timeout exceeded when trying to connect|Connection terminated|not currently accepting connections/i;

const codeOf = (error: Error): string => ("code" in error && typeof error.code === "string" ? error.code : "");

/** PostgreSQL is away, going away or out of room (class 53: disk, memory, connections), as `pg` tells it. */
export function databaseIsAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (connectionErrors.has(code) || /^(08|53)/.test(code) || says.test(error.message)) return true;
  return error.cause !== undefined && databaseIsAway(error.cause);
}

/**
 * The same statement can succeed a moment later: the database is away, or undid a transaction for another's sake
 * (class 40, lock and statement time-outs). False for what fails the same way every time.
 */
export function mayPass(error: unknown): boolean {
  if (databaseIsAway(error)) return true;
  if (!(error instanceof Error)) return false;
  return /^(40...|55P03|57014)$/.test(codeOf(error)) || mayPass(error.cause);
}
