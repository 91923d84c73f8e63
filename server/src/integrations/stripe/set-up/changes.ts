import { createHash } from "node:crypto";
import type { Stripe } from "stripe";

/** Something in Stripe that a person has to put right first. */
export class SetUpError extends Error {}

/** One thing in Stripe that is not as the catalogue has it. */
export interface Change {
  how: "make" | "change" | "replace" | "archive";
  /** What is concerned, as a person finds it in Stripe's dashboard. */
  what: string;
  /** What differs, or what comes of it; one line each. */
  details: string[];
}

/** A set-up on its way: what it works on, and what it has found to do. */
export interface SetUp {
  stripe: Stripe;
  /** Without it nothing is changed, only told. */
  apply: boolean;
  /** Hears of each change before it is made. */
  tell: (change: Change) => void;
}

/** Tells of a change and makes it. `undefined` where it was only told. */
export async function change<T>({ apply, tell }: SetUp, what: Change, make: () => Promise<T>): Promise<T | undefined> {
  tell(what);
  return apply ? make() : undefined;
}

/** `name: "old" → "new"` for each that differs. */
export const differences = (fields: [name: string, now: string, wanted: string][]): string[] =>
  fields.filter(([, now, wanted]) => now !== wanted).map(([name, now, wanted]) => `${name}: ${now} → ${wanted}`);

/**
 * Makes something once, though two set-ups run at once: Stripe answers the second as it answered the first.
 * It would also answer so for a thing that was deleted by hand since, hence the look whether it `isThere`.
 * https://docs.stripe.com/api/idempotent_requests
 */
export async function makeOnce<P extends object, T>(
  params: P,
  make: (params: P, options?: Stripe.RequestOptions) => Promise<Stripe.Response<T>>,
  isThere: (made: T) => Promise<boolean>,
): Promise<T> {
  const fingerprint = createHash("sha256").update(JSON.stringify(params)).digest("base64url");
  const made = await make(params, { idempotencyKey: `charlie-set-up-${fingerprint}` });
  const replayed = made.lastResponse.headers["idempotent-replayed"] === "true";
  return !replayed || (await isThere(made)) ? made : make(params);
}
