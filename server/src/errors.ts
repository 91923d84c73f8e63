import type { Decision } from "@charlie/contract";

/** An error whose sentence is meant for the reader. Anything else that is thrown becomes a plain 500 and is reported. */
export class AppError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: { path: string; message: string }[] | undefined;

  constructor(status: number, code: string, message: string, fields?: { path: string; message: string }[]) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** 400: the input breaks a rule that a schema cannot tell. */
export const badRequest = (code: string, message: string): AppError => new AppError(400, code, message);
/** 401: nobody is signed in. */
export const notSignedIn = (): AppError => new AppError(401, "not_signed_in", "Please sign in first.");
/** 403: signed in, but not allowed. */
export const forbidden = (message: string): AppError => new AppError(403, "forbidden", message);
/** 404: not there, or somebody else's: the two are never told apart. */
export const notFound = (what: string): AppError =>
  new AppError(404, "not_found", `This ${what} is not here. It may have been deleted.`);
/** 409: it does not fit the present state. */
export const conflict = (code: string, message: string): AppError => new AppError(409, code, message);
/** 503: something we depend on is away; trying again helps. */
export const unavailable = (code: string, message: string): AppError => new AppError(503, code, message);

/** A limit said no. Carries the decision that the page turns into the upgrade dialogue, and its id. */
export class Refusal extends AppError {
  readonly decision: Decision;
  constructor(status: 402 | 429, code: string, decision: Decision, message: string) {
    super(status, code, message);
    this.decision = decision;
  }
}

/** 402: a limit of the plan, or the cap on what AI may cost. */
export class LimitReached extends Refusal {
  constructor(decision: Decision, message: string) {
    super(402, "limit_reached", decision, message);
  }
}

/** 429: too many requests in a short time. */
export class TooManyRequests extends Refusal {
  constructor(decision: Decision, message: string) {
    super(429, tooManyRequests, decision, message);
  }
}

export const tooManyRequests = "too_many_requests";
