import type { Stripe } from "stripe";
import { recordOnce } from "./record-once.ts";
import type { BillingServices } from "./services.ts";

const idOf = (reference: string | { id: string } | null): string | null =>
  typeof reference === "object" ? (reference?.id ?? null) : reference;

/** Whose payment a charge was; `null` where it is nobody's. It has to come expanded. */
export const customerOfCharge = (charge: string | Stripe.Charge | null): string | null =>
  typeof charge === "object" ? idOf(charge?.customer ?? null) : null;

const retrieveDispute = ({ stripe }: BillingServices, id: string): Promise<Stripe.Dispute> =>
  stripe.disputes.retrieve(id, { expand: ["charge"] });

/** Whose payment is disputed: a dispute names the charge only. */
export const customerOfDispute = async (services: BillingServices, id: string): Promise<string | null> =>
  customerOfCharge((await retrieveDispute(services, id)).charge);

const closed = new Set(["won", "lost", "warning_closed", "prevented"]);

/** Puts a dispute on record when it opens and when it closes, once each. The plan stays as Stripe has it. */
export async function keepDispute(
  services: BillingServices,
  workspaceId: string,
  { id, status, reason, amount, currency, charge }: Stripe.Dispute,
): Promise<void> {
  const facts = { charge: idOf(charge), amountCents: amount, currency, reason };
  await recordOnce(services, workspaceId, "billing.disputed", id, facts);
  if (closed.has(status))
    await recordOnce(services, workspaceId, "billing.dispute_closed", id, { ...facts, outcome: status });
}

/** Puts a refund on record, once. One that did not go through is none. */
export async function keepRefund(
  services: BillingServices,
  workspaceId: string,
  { id, status, amount, currency, reason, charge }: Stripe.Refund,
): Promise<void> {
  if (status === "failed" || status === "canceled") return;
  const facts = { charge: idOf(charge), amountCents: amount, currency, reason };
  await recordOnce(services, workspaceId, "billing.refunded", id, facts, "info");
}

/** Brings over how a dispute stands in Stripe now. Call it under the billing lock. */
export const recordDispute = async (services: BillingServices, workspaceId: string, id: string): Promise<void> =>
  keepDispute(services, workspaceId, await retrieveDispute(services, id));

/** Brings over all that was paid back of a charge. Call it under the billing lock. */
export async function recordRefunds(services: BillingServices, workspaceId: string, charge: string): Promise<void> {
  const refunds = services.stripe.refunds.list({ charge, limit: 100 });
  for await (const refund of refunds) await keepRefund(services, workspaceId, refund);
}
