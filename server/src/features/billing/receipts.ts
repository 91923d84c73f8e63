import type { Tx } from "../../db/client.ts";
import { normaliseInvoice, type StripeInvoice } from "../../integrations/stripe/index.ts";
import { queueMail } from "../mail/index.ts";
import { recipientOf } from "../workspaces/index.ts";
import { receiptMail } from "./letters.ts";
import type { BillingServices } from "./services.ts";

export const receiptKey = (invoice: string): string => `receipt:${invoice}`;

/** Whether money came in with an invoice: one that is covered by credit or free of charge needs no receipt. */
export const isPaidFor = ({ status, paidCents }: StripeInvoice): boolean => status === "paid" && paidCents > 0;

/** Queues the receipt of a paid invoice, once. */
export async function queueReceipt(tx: Tx, workspaceId: string, invoice: StripeInvoice): Promise<void> {
  const to = await recipientOf(tx, workspaceId);
  if (to) await queueMail(tx, { dedupeKey: receiptKey(invoice.id), to: to.email, ...receiptMail(to.name, invoice) });
}

/** Queues the receipt of an invoice if Stripe says that it is paid. */
export async function mailReceipt({ stripe }: BillingServices, tx: Tx, workspaceId: string, id: string): Promise<void> {
  const invoice = normaliseInvoice(await stripe.invoices.retrieve(id));
  if (isPaidFor(invoice)) await queueReceipt(tx, workspaceId, invoice);
}
