import { planOf, type BillingInterval, type SwitchPreview } from "@charlie/contract";
import type { Stripe } from "stripe";
import { needRole, type Ctx } from "../../context.ts";
import { conflict } from "../../errors.ts";
import {
  normaliseSubscription,
  priceOf,
  whileStripeAnswers,
  type PaidPlanId,
} from "../../integrations/stripe/index.ts";
import { ourItem } from "./fetch-subscriptions.ts";
import { isRunning, knownPlan, noRunningPlan } from "./running-plan.ts";
import type { BillingServices } from "./services.ts";

export interface Choice {
  plan: PaidPlanId;
  interval: BillingInterval;
}

interface Switch {
  customer: string;
  subscription: string;
  items: [{ id: string; price: string; quantity: number }];
}

/** What has to change in Stripe for a plan, from how the subscription stands there now. */
async function findSwitch(ctx: Ctx, { plan, interval }: Choice, services: BillingServices): Promise<Switch> {
  const { customer, known } = await ctx.transaction((tx) => knownPlan(tx, ctx.workspaceId));
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
  return { customer, subscription: now.id, items: [{ id: item.id, price, quantity: item.quantity }] };
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
function renewsAt({ lines }: Stripe.Invoice, now: number): Date {
  const period = lines.data.findLast((line) => !isProration(line))?.period;
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
    const { subscription, items } = await findSwitch(ctx, choice, services);
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
      nextCents: renewal.total_excluding_tax ?? renewal.total,
      nextAt: renewsAt(renewal, proration_date).toISOString(),
      prorationDate: new Date(proration_date * 1_000).toISOString(),
    };
  });
}

/**
 * The address of Stripe's page that shows this switch with its amount and completes it. Throws as `previewSwitch` does.
 */
export async function switchPlan(ctx: Ctx, choice: Choice, services: BillingServices): Promise<{ url: string }> {
  needRole(ctx, "admin");
  const return_url = `${services.publicUrl}/settings/billing`;
  return whileStripeAnswers(async () => {
    const { customer, subscription, items } = await findSwitch(ctx, choice, services);
    const { portal } = await services.catalogue();
    const session = await services.stripe.billingPortal.sessions.create({
      customer,
      return_url,
      ...(portal === null ? {} : { configuration: portal }),
      flow_data: {
        type: "subscription_update_confirm",
        subscription_update_confirm: { subscription, items },
        after_completion: { type: "redirect", redirect: { return_url } },
      },
    });
    return { url: session.url };
  });
}
