// Refunds and disputes of a charge.
import type { Box } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { newId, randomText } from "../ids.ts";
import type { Charge, Dispute, Refund } from "../types.ts";

const EVIDENCE_DAYS = 7;

/** The customer's bank takes the money back for now. Must run inside a change. */
export function openDispute(box: Box, charge: Charge, reason = "fraudulent"): Dispute {
  if (charge.status !== "succeeded" || charge.disputed) {
    throw invalid("Only a charge that succeeded can be disputed, and only once.");
  }
  const at = box.nowFor(charge.customer);
  box.store.put({ ...charge, disputed: true });
  const dispute = box.store.put({
    id: newId("du"),
    object: "dispute",
    amount: charge.amount - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: at,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: NO_EVIDENCE,
    evidence_details: {
      due_by: at + EVIDENCE_DAYS * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "manual",
    },
    intended_submission_method: "manual",
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: "needs_response",
  } satisfies Dispute);
  box.emit("charge.dispute.created", dispute);
  return dispute;
}

/** The bank decides. Must run inside a change. */
export function closeDispute(box: Box, dispute: Dispute, status: "won" | "lost"): Dispute {
  if (dispute.status === "won" || dispute.status === "lost") throw invalid("This dispute is already closed.");
  const closed = box.store.put({ ...dispute, status });
  box.emit("charge.dispute.closed", closed, { status: dispute.status });
  return closed;
}

/** Gives money back, in cents of the charge's currency. Must run inside a change. */
export function refundCharge(
  box: Box,
  charge: Charge,
  order: { amount?: number; reason?: Refund["reason"]; metadata?: Record<string, string> } = {},
): Refund {
  if (charge.status !== "succeeded") throw invalid(`Charge ${charge.id} did not succeed, so it can't be refunded.`);
  if (charge.refunded) {
    throw invalid(`Charge ${charge.id} has already been refunded.`, undefined, "charge_already_refunded");
  }
  if (charge.disputed) {
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, undefined, "charge_disputed");
  }
  const left = charge.amount - charge.amount_refunded;
  const amount = order.amount ?? left;
  if (amount < 1) throw invalid("Invalid positive integer", "amount", "parameter_invalid_integer");
  if (amount > left) {
    throw invalid(
      `Refund amount (${money(amount, charge.currency)}) is greater than unrefunded amount on charge (${money(left, charge.currency)})`,
      "amount",
    );
  }
  const refund = box.store.put({
    id: newId("re"),
    object: "refund",
    amount,
    balance_transaction: newId("txn"),
    charge: charge.id,
    created: box.nowFor(charge.customer),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      type: "card",
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
    },
    metadata: order.metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: order.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  } satisfies Refund);
  box.emit("refund.created", refund);
  const refunded = charge.amount_refunded + amount;
  box.update("charge.refunded", charge, {
    amount_refunded: refunded,
    refunded: refunded === charge.amount,
    receipt_number: charge.receipt_number ?? `${randomText(4)}-${randomText(4)}`.toUpperCase(),
  });
  return refund;
}

/** `$29.00`. Amounts are in the currency's smallest unit. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

const NO_EVIDENCE: Dispute["evidence"] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};
