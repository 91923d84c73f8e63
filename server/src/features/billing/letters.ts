import type { Plan } from "@charlie/contract";
import type { StripeInvoice } from "../../integrations/stripe/index.ts";
import type { Counts } from "../plans/index.ts";
import { letter, type Letter } from "../mail/index.ts";

/** "$29", "$29.50": cents of a currency, as people write it. */
export function moneyWords(cents: number, currency: string): string {
  const fraction = cents % 100 === 0 ? 0 : 2;
  const format = { style: "currency", currency, minimumFractionDigits: fraction } as const;
  return new Intl.NumberFormat("en-US", format).format(cents / 100);
}

const longDay = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });
/** "December 22, 2026", in UTC. */
const dayWords = (at: Date): string => longDay.format(at);

const units = (count: number, one: string): string => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;

/** What became of agents and projects: one sentence for what is asleep, if anything is. */
function keptWords(frozen: Counts | null): string {
  const asleep = [
    ...(frozen?.agents ? [units(frozen.agents, "agent")] : []),
    ...(frozen?.projects ? [units(frozen.projects, "project")] : []),
  ].join(" and ");
  if (asleep === "") return "Nothing was deleted.";
  return `Nothing was deleted. ${asleep} that Free has no room for fell asleep, just as they are. Your home page lets you choose who stays awake, and with a plan all of them wake up again.`;
}

export interface FailedPayment {
  name: string;
  plan: Plan;
  invoice: StripeInvoice;
  /** The end of the days of grace. */
  until: Date;
  billingUrl: string;
}

/** Tells that a renewal could not be charged, and until when there is time. */
export const paymentFailedMail = ({ name, plan, invoice, until, billingUrl }: FailedPayment): Letter =>
  letter({
    subject: "A payment did not go through",
    name,
    paragraphs: [
      `We tried to charge ${moneyWords(invoice.openCents, invoice.currency)} for your ${plan.name} plan, and it did not go through. That happens: cards expire, and banks ask back.`,
      `Everything stays as it is until ${dayWords(until)}. Once it is paid, there is nothing else to do.`,
    ],
    button: { label: "Pay it now", url: invoice.url ?? billingUrl },
    footnote: `We try again by ourselves in the next days. You can change your card here: ${billingUrl}`,
  });

export interface EndedPlan {
  name: string;
  plan: Plan;
  /** The payment that stayed open for all the days of grace; `null` where the plan was cancelled. */
  unpaid: StripeInvoice | null;
  /** What Free has no room for. */
  frozen: Counts | null;
  billingUrl: string;
  plansUrl: string;
}

/** Tells that a paid plan is over, and why. */
export function planEndedMail({ name, plan, unpaid, frozen, billingUrl, plansUrl }: EndedPlan): Letter {
  const subject = `Your ${plan.name} plan has ended`;
  const kept = keptWords(frozen);
  if (!unpaid) {
    return letter({
      subject,
      name,
      paragraphs: [`Your ${plan.name} plan has ended, and your workspace is on Free now.`, kept],
      button: { label: "Look at the plans", url: plansUrl },
      footnote: "Thank you for the time with us.",
    });
  }
  return letter({
    subject,
    name,
    paragraphs: [
      `The payment of ${moneyWords(unpaid.openCents, unpaid.currency)} for your ${plan.name} plan is still open, so your workspace is on Free now.`,
      kept,
    ],
    button: { label: "Pay it and go on", url: unpaid.url ?? billingUrl },
    footnote: "If you do not want to go on, you need not do anything.",
  });
}

/** Confirms a payment, with the way to its invoice. */
export function receiptMail(name: string, { number, paidCents, currency, url, createdAt }: StripeInvoice): Letter {
  const amount = moneyWords(paidCents, currency);
  return letter({
    subject: `Your receipt: ${amount}`,
    name,
    paragraphs: [
      `Thank you. Your payment of ${amount} went through.`,
      `Invoice ${number ?? ""} of ${dayWords(createdAt)} has the details, and can be printed or kept.`,
    ],
    ...(url === null ? {} : { button: { label: "See the invoice", url } }),
  });
}
