import { Stripe } from "stripe";
import { unavailable } from "../../errors.ts";

/** Stripe says that what was named is not there (any more). */
export const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing";

/** Stripe understood and says no: it does not fit the present state. */
export const isRefused = (error: unknown): boolean => error instanceof Stripe.errors.StripeInvalidRequestError;

/** The card did not pay. */
export const isDeclined = (error: unknown): boolean => error instanceof Stripe.errors.StripeCardError;

/** Stripe has taken a meter event of this identifier already: what was to be told is told. */
export const isToldAlready = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  (error.code === "duplicate_meter_event" || /already exists with identifier/i.test(error.message));

/** Stripe cannot be reached, is broken, or asks us to slow down: trying again later helps. */
const isAway = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeConnectionError ||
  error instanceof Stripe.errors.StripeAPIError ||
  error instanceof Stripe.errors.StripeRateLimitError;

/** Whether Stripe did what it was asked is not known: no answer came, or one that something broke. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeConnectionError || error instanceof Stripe.errors.StripeAPIError;

/** 503 `outcome_unknown`: something was asked of Stripe, and nobody knows yet whether it was done. */
export const outcomeUnknown = () =>
  unavailable(
    "outcome_unknown",
    "Our payment service did not answer, so we do not know yet whether this was done. Please look at the Billing page in a minute, before you try again.",
  );

/** Runs something that asks Stripe while a person waits. Throws 503 `stripe_away` where Stripe does not answer. */
export async function whileStripeAnswers<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isAway(error)) throw error;
    const away = unavailable(
      "stripe_away",
      "Our payment service does not answer right now. Nothing was charged and nothing was changed; please try again in a minute.",
    );
    away.cause = error;
    throw away;
  }
}

/** What a person who set Stripe up can do about a failure, in a sentence; `null` where it is none of Stripe's. */
export function stripeComplaint(error: unknown): string | null {
  const { errors } = Stripe;
  if (error instanceof errors.StripeAuthenticationError)
    return "Stripe does not know this key. Take it anew from Stripe's dashboard: Developers, API keys.";
  if (error instanceof errors.StripePermissionError) return `This key may not do that. Stripe says: ${error.message}`;
  if (error instanceof errors.StripeConnectionError)
    return "Stripe cannot be reached from here. Look at the network, then run this again.";
  return error instanceof errors.StripeError ? `Stripe says: ${error.message}` : null;
}
