import { planOf, type BillingInterval, type SwitchPreview } from "@charlie/contract";
import type { Stripe } from "stripe";
import { needRole, type Ctx } from "../../context.ts";
import { AppError, conflict } from "../../errors.ts";
import {
  isDeclined,
  normaliseSubscription,
  priceOf,
  whileStripeAnswers,
  type Catalogue,
  type PaidPlanId,
  type StripeSubscription,
} from "../../integrations/stripe/index.ts";
import { audit } from "../workspaces/index.ts";
import { isUsageLine, ourItem, planCents, usageItem } from "./fetch-subscriptions.ts";
import { withBillingLock } from "./lock.ts";
import { reportLocked } from "./report-usage.ts";
import { isRunning, knownPlan, noRunningPlan } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";
import { syncLocked } from "./sync-subscription.ts";

export interface Choice {
  plan: PaidPlanId;
  interval: BillingInterval;
}

interface Switch {
  catalogue: Catalogue;
  subscription: string;
  items: Stripe.SubscriptionUpdateParams.Item[];
}

/** All items of a subscription are charged at one interval: usage moves to the price of the new one, and is billed so far. */
function movedUsage(now: StripeSubscription, interval: BillingInterval, catalogue: Catalogue): Switch["items"] {
  const usage = usageItem(now, catalogue);
  if (!usage || !catalogue.usage || usage.price.interval === interval) return [];
  return [{ id: usage.id, deleted: true }, { price: catalogue.usage.prices[interval] }];
}

/** What has to change in Stripe for a plan, from how the subscription stands there now. */
async function findSwitch(ctx: Ctx, { plan, interval }: Choice, services: BillingServices): Promise<Switch> {
  const { known } = await ctx.transaction((tx) => knownPlan(tx, ctx.workspaceId));
  if (!isRunning(known)) throw noRunningPlan();
  const catalogue = await services.catalogue();
  const price = priceOf(catalogue, plan, interval);
  const now = normaliseSubscription(await services.stripe.subscriptions.retrieve(known.stripeSubscriptionId));
  if (!isRunning(now)) throw noRunningPlan();
  if (now.status === "past_due")
    throw conflict("payment_due", "The last payment is still open. Please pay it first, then you can switch.");
  if (now.cancelAt)
    throw conflict("plan_ends", "Your plan is set to end. Please undo the cancellation first, then you can switch.");
  const item = ourItem(now, catalogue);
  if (item.price.id === price) {
    const words = interval === "year" ? "paid by the year" : "paid by the month";
    throw conflict("same_plan", `This workspace has the ${planOf(plan).name} plan already, ${words}.`);
  }
  return {
    catalogue,
    subscription: now.id,
    items: [{ id: item.id, price, quantity: item.quantity }, ...movedUsage(now, interval, catalogue)],
  };
}

const isProration = ({ parent }: Stripe.InvoiceLineItem): boolean =>
  parent?.subscription_item_details?.proration ?? parent?.invoice_item_details?.proration ?? false;

const sum = (amounts: readonly { amount: number }[] | null): number =>
  (amounts ?? []).reduce((total, { amount }) => total + amount, 0);

/** Everything that makes up the amount due: its lines, then what is taken off and put on below them. */
function linesOf(invoice: Stripe.Invoice): SwitchPreview["lines"] {
  const discount = sum(invoice.total_discount_amounts);
  const tax = sum(invoice.total_taxes);
  const more = [
    { description: "Discount", amountCents: -discount },
    { description: "Tax", amountCents: tax },
    { description: "Credit from before", amountCents: Math.min(0, invoice.starting_balance) },
  ];
  return [
    ...invoice.lines.data.map((line) => ({
      description: line.description ?? "",
      amountCents: line.amount,
      proration: isProration(line),
    })),
    ...more.filter(({ amountCents }) => amountCents !== 0).map((line) => ({ ...line, proration: false })),
  ];
}

/** When the first renewal at the new price is due: what is charged for is either the period to come, or one from now. */
function renewsAt({ lines }: Stripe.Invoice, catalogue: Catalogue, now: number): Date {
  const period = lines.data.findLast((line) => !isProration(line) && !isUsageLine(line, catalogue))?.period;
  if (!period) throw new Error("a renewal without a line");
  return new Date((period.start > now ? period.start : period.end) * 1_000);
}

/**
 * What switching would cost, as Stripe computes it; nothing is changed. The lines add up to what is due less what stays
 * as credit. Throws 409 `never_paid`, `no_running_plan`, `same_plan`, `payment_due`, `plan_ends`, `no_yearly_price`;
 * 503 `stripe_away`.
 */
export async function previewSwitch(ctx: Ctx, choice: Choice, services: BillingServices): Promise<SwitchPreview> {
  needRole(ctx, "admin");
  return whileStripeAnswers(async () => {
    const { catalogue, subscription, items } = await findSwitch(ctx, choice, services);
    const proration_date = Math.floor(services.now().getTime() / 1_000);
    const preview = (details: Stripe.InvoiceCreatePreviewParams.SubscriptionDetails) =>
      services.stripe.invoices.createPreview({ subscription, subscription_details: { items, ...details } });
    const [now, renewal] = await Promise.all([
      preview({ proration_behavior: "always_invoice", proration_date }),
      preview({ proration_behavior: "none" }),
    ]);
    return {
      ...choice,
      lines: linesOf(now),
      totalCents: now.amount_due,
      creditCents: Math.max(0, -(now.total + now.starting_balance)),
      nextCents: planCents(renewal, catalogue),
      nextAt: renewsAt(renewal, catalogue, proration_date).toISOString(),
      prorationDate: new Date(proration_date * 1_000).toISOString(),
    };
  });
}

/** For how long the amounts of a preview hold. */
const holdsMs = 60 * 60 * 1_000;

/** The moment that the agreed amounts were computed for. Throws 409 `amounts_outdated` where that is too long ago. */
function prorationDate(agreed: string | undefined, now: Date): number {
  const at = agreed === undefined ? now.getTime() : Date.parse(agreed);
  if (at > now.getTime() || at <= now.getTime() - holdsMs)
    throw conflict(
      "amounts_outdated",
      "These amounts are no longer fresh, and nothing was charged. Please look at them again.",
    );
  return Math.floor(at / 1_000);
}

const declined = (): AppError =>
  new AppError(
    402,
    "payment_failed",
    "Your card was not charged, so your plan is as it was. Please check the card on the Billing page, or use another one.",
  );

/**
 * Switches the plan, and Stripe charges the difference at once; what cannot be paid changes nothing. Stripe's portal
 * cannot do this for a subscription that also bills usage, so the amount is agreed to on our own page, by the preview
 * whose `prorationDate` is passed. Returns the address to go on at. Throws as `previewSwitch` does, and 402
 * `payment_failed`, 409 `amounts_outdated`.
 */
export async function switchPlan(
  ctx: Ctx,
  { prorationDate: agreed, ...choice }: Choice & { prorationDate?: string | undefined },
  services: BillingServices,
): Promise<{ url: string }> {
  needRole(ctx, "admin");
  const { workspaceId } = ctx;
  await whileStripeAnswers(() =>
    withBillingLock(services, workspaceId, async (tx) => {
      const { subscription, items } = await findSwitch(ctx, choice, services);
      // What ran up until now is charged where the interval changes.
      if (items.length > 1) await reportLocked(services, tx, workspaceId);
      try {
        await services.stripe.subscriptions.update(subscription, {
          items,
          proration_behavior: "always_invoice",
          proration_date: prorationDate(agreed, services.now()),
          payment_behavior: "error_if_incomplete",
        });
      } catch (error) {
        if (isDeclined(error)) throw declined();
        throw error;
      }
      await audit(tx, ctx, "billing.switched", subscription, { plan: choice.plan, interval: choice.interval });
      await syncLocked(services, tx, workspaceId, "page");
    }),
  );
  return { url: `${services.publicUrl}/settings/billing` };
}
