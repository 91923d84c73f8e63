export { planMark, priceOf, type Catalogue, type PaidPlanId } from "./catalogue.ts";
export { isLiveKey, makeStripe, targetOf } from "./client.ts";
export {
  isDeclined,
  isMissing,
  isRefused,
  isToldAlready,
  isUnanswered,
  outcomeUnknown,
  stripeComplaint,
  whileStripeAnswers,
} from "./errors.ts";
export {
  normaliseEvent,
  normaliseInvoice,
  normaliseSubscription,
  type StripeEvent,
  type StripeInvoice,
  type StripeItem,
  type StripePrice,
  type StripeSubscription,
  type SubscriptionStatus,
} from "./normalise.ts";
export { realStripe, type StripeParts } from "./parts.ts";
export { SetUpError, setUpCatalogue, setUpWebhook, type Change, type WebhookSetUp } from "./set-up/index.ts";
export { isUsagePrice } from "./usage-price.ts";
