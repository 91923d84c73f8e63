import { Stripe } from "stripe";
import { isMissing } from "../../integrations/stripe/index.ts";
import type { FetchedSubscription } from "./fetch-subscriptions.ts";
import { recordOnce } from "./record-once.ts";
import type { BillingServices } from "./services.ts";

const alreadyRefunded = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "charge_already_refunded";

/** Pays back what an invoice took. Asking again does nothing. Returns the payments that were paid back. */
async function refund({ stripe }: BillingServices, invoice: string): Promise<string[]> {
  const { data } = await stripe.invoicePayments.list({ invoice, status: "paid", limit: 100 });
  const refunded: string[] = [];
  for (const { payment } of data) {
    const intent = typeof payment.payment_intent === "string" ? payment.payment_intent : payment.payment_intent?.id;
    if (intent === undefined) continue;
    try {
      await stripe.refunds.create(
        { payment_intent: intent, reason: "duplicate" },
        { idempotencyKey: `charlie-refund-${intent}` },
      );
    } catch (error) {
      if (!alreadyRefunded(error)) throw error;
    }
    refunded.push(intent);
  }
  return refunded;
}

/**
 * Ends a subscription that runs beside the one the workspace keeps: its latest payment is paid back, then it is
 * cancelled. In this order, because a cancelled one is not looked at again: a crash in between is made good by the
 * next sync. Call it under the billing lock.
 */
export async function endSurplus(
  services: BillingServices,
  workspaceId: string,
  surplus: FetchedSubscription,
  keptId: string,
): Promise<void> {
  const invoice = surplus.stripe.latestInvoiceId;
  const paid = surplus.status === "active" && invoice !== null;
  await recordOnce(services, workspaceId, "billing.subscribed_twice", surplus.id, {
    kept: keptId,
    cancelled: surplus.id,
    plan: surplus.plan,
    refunded: paid ? await refund(services, invoice) : [],
  });
  try {
    await services.stripe.subscriptions.cancel(surplus.id, { prorate: false, invoice_now: false });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
