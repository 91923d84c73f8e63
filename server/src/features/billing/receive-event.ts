import { Stripe } from "stripe";
import { ZodError } from "zod";
import { badRequest } from "../../errors.ts";
import { normaliseEvent } from "../../integrations/stripe/index.ts";
import type { BillingServices } from "./services.ts";

/** How far a signature's time may lie before or after ours, in seconds; Stripe's SDK looks at the past only. */
const toleranceSeconds = 300;

const isAhead = (signature: string): boolean =>
  [...signature.matchAll(/(?:^|,)\s*t\s*=\s*(\d+)/g)].some(
    ([, seconds]) => Number(seconds) > Date.now() / 1_000 + toleranceSeconds,
  );

/** What was sent, once a signature proves that Stripe sent it. Throws 400 `bad_signature` where none of the secrets fits. */
function verified({ stripe, webhookSecrets }: BillingServices, body: Buffer, signature: string): unknown {
  if (isAhead(signature)) throw badRequest("bad_signature", "The signature is dated in the future.");
  for (const secret of webhookSecrets) {
    try {
      return stripe.webhooks.constructEvent(body, signature, secret, toleranceSeconds);
    } catch (error) {
      // The next secret may fit. Older than 300 s fits none.
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError))
        throw badRequest("bad_event", "This is not an event.");
    }
  }
  throw badRequest("bad_signature", "The signature does not fit.");
}

/** What PostgreSQL says of a value that it cannot keep (classes 22 and 54): a NUL in a text, half a character, too deep. */
const cannotKeep = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && /^(22|54)...$/.test(error.code);

/**
 * Takes an event from Stripe: stored once by its id, and worked on by the queue if it is of a kind that matters. What
 * comes twice is not stored again. Throws 400 on a signature that does not fit; whatever PostgreSQL throws becomes 503,
 * so that Stripe sends it again. Throws 400 also on what is signed and yet no event that can be kept.
 */
export async function receiveEvent(services: BillingServices, body: Buffer, signature: string): Promise<void> {
  const payload = verified(services, body, signature);
  try {
    await services.intake.store({ event: normaliseEvent(payload), json: body.toString("utf8") });
  } catch (error) {
    if (error instanceof ZodError || cannotKeep(error)) throw badRequest("bad_event", "This is not an event.");
    throw error;
  }
}
