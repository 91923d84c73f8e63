import type { SwitchPreview } from "@charlie/contract";
import type { Stripe } from "stripe";
import { needRole, type Ctx } from "../../context.ts";
import { whileStripeAnswers } from "../../integrations/stripe/index.ts";
import { isUsageLine } from "./fetch-subscriptions.ts";
import { findSwitch, netCents, previewInvoice, type Choice, type Switch } from "./find-switch.ts";
import { reportUsage } from "./report-usage.ts";
import type { BillingServices } from "./services.ts";

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

type Renewal = Pick<SwitchPreview, "nextCents" | "nextAt">;

/** Whether a discount still lowers an invoice at a time in seconds: what is for once is used up by then. */
function holdsAt(discount: string | Stripe.Discount | Stripe.DeletedDiscount, at: number): boolean {
  if (typeof discount === "string" || discount.deleted) return false;
  if (discount.end !== null) return discount.end > at;
  const { coupon } = discount.source;
  return typeof coupon === "object" && coupon?.duration === "forever";
}

/** The first renewal at the new price: when, and what it costs with the discounts that there will be by then. */
async function renewalOf({ stripe }: BillingServices, found: Switch): Promise<Renewal> {
  const { subscription, items, catalogue, newInterval, periodEnd } = found;
  const preview = await stripe.invoices.createPreview({
    subscription,
    subscription_details: { items, proration_behavior: "none" },
    expand: ["discounts.source.coupon"],
  });
  const plan = preview.lines.data.filter(
    (line) => line.parent?.subscription_item_details && !isProration(line) && !isUsageLine(line, catalogue),
  );
  const period = plan.at(-1)?.period;
  if (!period) throw new Error("a renewal without a line");
  const at = newInterval ? period.end : Math.floor(periodEnd.getTime() / 1_000);
  const holding = new Set(
    preview.discounts.flatMap((each) => (typeof each !== "string" && holdsAt(each, at) ? [each.id] : [])),
  );
  const off = plan
    .flatMap(({ discount_amounts }) => discount_amounts ?? [])
    .filter(({ discount }) => holding.has(typeof discount === "string" ? discount : discount.id));
  return { nextCents: sum(plan) - sum(off), nextAt: new Date(at * 1_000).toISOString() };
}

/**
 * What switching would cost, as Stripe computes it, AI that was used until now included; nothing is changed. The lines
 * add up to what is due less what stays as credit. Throws 409 `never_paid`, `no_running_plan`, `same_plan`,
 * `payment_due`, `plan_ends`, `no_yearly_price`; 503 `stripe_away`.
 */
export async function previewSwitch(ctx: Ctx, choice: Choice, services: BillingServices): Promise<SwitchPreview> {
  needRole(ctx, "admin");
  return whileStripeAnswers(async () => {
    const found = await findSwitch(ctx, choice, services);
    if (found.billsUsage) await reportUsage(services, ctx.workspaceId);
    // Our clock may be behind Stripe's.
    const at = Math.floor(Math.max(services.now().getTime(), found.periodStart.getTime()) / 1_000);
    const [now, renewal] = await Promise.all([previewInvoice(services, found, at), renewalOf(services, found)]);
    return {
      ...choice,
      ...renewal,
      lines: linesOf(now),
      totalCents: now.amount_due,
      creditCents: now.amount_due - netCents(now),
      fromPrice: found.fromPrice,
      prorationDate: new Date(at * 1_000).toISOString(),
    };
  });
}
