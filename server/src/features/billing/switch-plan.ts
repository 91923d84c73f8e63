import type { SwitchPreview } from "@charlie/contract";
import { needRole, type Ctx } from "../../context.ts";
import { AppError, conflict } from "../../errors.ts";
import { isDeclined, isUnanswered, outcomeUnknown, whileStripeAnswers } from "../../integrations/stripe/index.ts";
import { audit } from "../workspaces/index.ts";
import { findSwitch, netCents, previewInvoice, type Choice, type Switch } from "./find-switch.ts";
import { withBillingLock } from "./lock.ts";
import { reportLocked } from "./report-usage.ts";
import type { BillingServices } from "./services.ts";
import { syncSubscription } from "./sync-subscription.ts";

/** What was shown and agreed to. */
export type Agreed = Pick<SwitchPreview, "fromPrice" | "totalCents" | "creditCents" | "prorationDate">;

/** For how long the amounts of a preview hold. */
const holdsMs = 60 * 60 * 1_000;

const outdated = () =>
  conflict(
    "amounts_outdated",
    "The amounts have changed since you looked, and nothing was charged. Please look at them again.",
  );

/**
 * Makes sure that what is charged now is what was agreed to, or less: for the plan and the period of that time, with no
 * invoice in between. Returns the moment to count from, in seconds. Throws 409 `amounts_outdated`.
 */
async function needAgreed(services: BillingServices, found: Switch, agreed: Agreed): Promise<number> {
  const ms = Date.parse(agreed.prorationDate);
  const now = services.now().getTime();
  const start = found.periodStart.getTime();
  const fresh = ms >= start && ms <= Math.max(now, start) && ms > now - holdsMs;
  if (!fresh || agreed.fromPrice !== found.fromPrice) throw outdated();
  const at = Math.floor(ms / 1_000);
  const { subscription } = found;
  // To another plan and back leaves the price as it was, but that time was charged for.
  const since = await services.stripe.invoices.list({ subscription, created: { gt: at }, limit: 1 });
  if (since.data.length > 0) throw outdated();
  const cents = netCents(await previewInvoice(services, found, at));
  if (cents > agreed.totalCents - agreed.creditCents) throw outdated();
  return at;
}

const declined = (): AppError =>
  new AppError(
    402,
    "payment_failed",
    "Your card was not charged, so your plan is as it was. Please check the card on the Billing page, or use another one.",
  );

/** Whether the subscription has the new price, after an answer was lost. `false` where that cannot be told yet. */
async function happened({ stripe }: BillingServices, { subscription, price }: Switch): Promise<boolean> {
  try {
    const { items } = await stripe.subscriptions.retrieve(subscription);
    return items.data.some((item) => item.price.id === price);
  } catch (error) {
    if (isUnanswered(error)) return false;
    throw error;
  }
}

/** Asks Stripe for the switch. Returns whether it is known to have happened. */
async function update(services: BillingServices, found: Switch, proration_date: number): Promise<boolean> {
  try {
    await services.stripe.subscriptions.update(found.subscription, {
      items: found.items,
      proration_behavior: "always_invoice",
      proration_date,
      payment_behavior: "error_if_incomplete",
    });
    return true;
  } catch (error) {
    if (isDeclined(error)) throw declined();
    if (!isUnanswered(error)) throw error;
    return happened(services, found);
  }
}

/**
 * Switches the plan, and Stripe charges the difference at once; what cannot be paid changes nothing. Stripe's portal
 * cannot do this for a subscription that also bills usage, so the amount is agreed to on our own page, by a preview
 * whose amounts are passed. Returns the address to go on at. Throws as `previewSwitch` does, and 402 `payment_failed`,
 * 409 `amounts_outdated`, 503 `outcome_unknown`.
 */
export async function switchPlan(
  ctx: Ctx,
  { plan, interval, ...agreed }: Choice & Agreed,
  services: BillingServices,
): Promise<{ url: string }> {
  needRole(ctx, "admin");
  const { workspaceId } = ctx;
  const known = await whileStripeAnswers(() =>
    withBillingLock(services, workspaceId, async (tx) => {
      const found = await findSwitch(ctx, { plan, interval }, services);
      if (found.billsUsage) await reportLocked(services, tx, workspaceId);
      const switched = await update(services, found, await needAgreed(services, found, agreed));
      // Who asked for it is on record even where the answer is not known.
      const action = switched ? "billing.switched" : "billing.switch_unanswered";
      await audit(tx, ctx, action, found.subscription, { plan, interval });
      return switched;
    }),
  );
  if (!known) throw outcomeUnknown();
  try {
    await syncSubscription(services, workspaceId, "page");
  } catch (error) {
    // It is done and on record; the event that Stripe sends of it brings it over.
    services.log.error({ err: error, workspaceId }, "a switched plan could not be read back yet");
  }
  return { url: `${services.publicUrl}/settings/billing` };
}
