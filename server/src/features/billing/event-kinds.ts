/** The events after which a workspace's plan, or what its page shows, may be another one. */
export const syncedEvents: readonly string[] = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "customer.deleted",
  "customer.discount.created",
  "customer.discount.deleted",
  "customer.discount.updated",
  "customer.subscription.created",
  "customer.subscription.deleted",
  "customer.subscription.paused",
  "customer.subscription.resumed",
  "customer.subscription.updated",
  "invoice.marked_uncollectible",
  "invoice.paid",
  "invoice.payment_failed",
  "invoice.voided",
];

export const isDispute = (type: string): boolean => type.startsWith("charge.dispute.");

/** The events that are worked on. All others are stored for the record and otherwise ignored. */
export const workedEvents: readonly string[] = [
  ...syncedEvents,
  "charge.refunded",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.closed",
];
