export { ensureCatalogue, findCatalogue, planMark, type Catalogue, type PaidPlanId } from "./catalogue.ts";
export { makeStripe, type StripeTarget } from "./client.ts";
export { isMissing, isRefused, whileStripeAnswers } from "./errors.ts";
export {
  normaliseEvent,
  normaliseInvoice,
  normaliseSubscription,
  type StripeEvent,
  type StripeInvoice,
  type StripePrice,
  type StripeSubscription,
  type SubscriptionStatus,
} from "./normalise.ts";
export { realStripe, type StripeParts, type StripeSettings } from "./parts.ts";
