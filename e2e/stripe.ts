import {
  type BillingInterval,
  cancelPlan,
  createCheckout,
  createPortal,
  getSubscription,
  type Invoice,
  listInvoices,
  pathOf,
  refreshSubscription,
  type Subscription,
} from "@charlie/contract";
import { expect, type Page } from "@playwright/test";
import { planNow, type Person, type WithSession } from "./people.ts";

/** Fills in a card form of the local Stripe, and presses the button. */
export async function payWith(page: Page, cardNumber: string, button = "Subscribe"): Promise<void> {
  await page.getByLabel("Card number").fill(cardNumber);
  await page.getByLabel("Expiration").fill("12 / 34");
  await page.getByLabel("CVC").fill("123");
  await page.getByLabel("Name on card").fill("Anna Tester");
  await page.getByRole("button", { name: button }).click();
}

/** An address of the local Stripe, which is the neighbour of the service. */
export function stripeUrl(path: string): string {
  const { port } = new URL(process.env["CHARLIE_URL"] ?? "");
  return `http://localhost:${Number(port) + 1}${path}`;
}

/** Does something at the local Stripe's control (stripe-sandbox/README.md). */
export async function control({ api }: WithSession, action: string, data: Record<string, unknown>): Promise<void> {
  await expect(await api.post(stripeUrl(`/_sandbox/${action}`), { data })).toBeOK();
}

const key = { authorization: "Bearer sk_test_sandbox" };

/** What Stripe's own interface answers. */
async function fromStripe<T>({ api }: WithSession, path: string): Promise<T> {
  const answer = await api.get(stripeUrl(`/v1/${path}`), { headers: key });
  await expect(answer).toBeOK();
  return (await answer.json()) as T;
}

interface AtStripe {
  customer: string;
  /** The newest one. */
  subscription: { id: string; status: string; cancel_at: number | null; price: string };
  /** Newest first. */
  invoices: { status: string; total: number; amount_remaining: number; billing_reason: string }[];
  charge: string;
}

interface StripeSubscription {
  id: string;
  status: string;
  cancel_at: number | null;
  items: { data: { price: { lookup_key: string } }[] };
}

/** How things stand for this person at Stripe. */
export async function atStripe(person: Person): Promise<AtStripe> {
  const list = async <T>(path: string) => (await fromStripe<{ data: T[] }>(person, path)).data;
  const [customer] = await list<{ id: string }>(`customers?email=${encodeURIComponent(person.email)}`);
  expect(customer, "the customer of this person").toBeTruthy();
  const of = `customer=${customer!.id}`;
  const [subscription] = await list<StripeSubscription>(`subscriptions?${of}&status=all`);
  const [charge] = await list<{ id: string }>(`charges?${of}`);
  expect(subscription, "the subscription of this person").toBeTruthy();
  const { id, status, cancel_at, items } = subscription!;
  return {
    customer: customer!.id,
    subscription: { id, status, cancel_at, price: items.data[0]?.price.lookup_key ?? "" },
    invoices: await list(`invoices?${of}`),
    charge: charge?.id ?? "",
  };
}

/** Lets this person's plan end with its period, as the portal does. */
export async function cancelAtPeriodEnd(person: Person): Promise<void> {
  const { subscription } = await atStripe(person);
  const address = stripeUrl(`/v1/subscriptions/${subscription.id}`);
  await expect(await person.api.post(address, { headers: key, form: { cancel_at_period_end: "true" } })).toBeOK();
  await expect.poll(async () => (await subscriptionNow(person)).cancelAt, { timeout: 15_000 }).not.toBeNull();
}

/** How the service knows this person's subscription. */
export async function subscriptionNow({ api }: WithSession): Promise<Subscription> {
  return (await (await api.get(pathOf(getSubscription))).json()) as Subscription;
}

/** Has the service ask Stripe now: it waits for the end of the days of grace in real time, not in Stripe's. */
export async function lookAgain({ api }: WithSession): Promise<Subscription> {
  const answer = await api.post(pathOf(refreshSubscription));
  await expect(answer).toBeOK();
  return (await answer.json()) as Subscription;
}

/** The address of a payment page for this person's workspace. */
export async function checkoutUrl({ api }: WithSession, interval: BillingInterval = "month"): Promise<string> {
  const answer = await api.post(pathOf(createCheckout), { data: { plan: "pro", interval } });
  await expect(answer).toBeOK();
  return ((await answer.json()) as { url: string }).url;
}

/** The address of the portal, opened at what is wanted. */
export async function portalUrl({ api }: WithSession, flow: "home" | "cancel" | "card"): Promise<string> {
  const answer = await api.post(pathOf(createPortal), { data: { flow } });
  await expect(answer).toBeOK();
  return ((await answer.json()) as { url: string }).url;
}

/** Where the newest invoice can be read. */
export async function invoiceUrl({ api }: WithSession): Promise<string> {
  const { items } = (await (await api.get(pathOf(listInvoices))).json()) as { items: Invoice[] };
  return items[0]?.url ?? "";
}

/** Puts this person's workspace onto Pro, paid with a good card; waits until the service has heard of it. */
export async function subscribe(person: WithSession, interval: BillingInterval = "month"): Promise<void> {
  const session = /cs_[A-Za-z0-9_]+/.exec(await checkoutUrl(person, interval))?.[0];
  await control(person, "pay-checkout", { session });
  await expect.poll(() => planNow(person), { timeout: 15_000 }).toBe("pro");
}

/** Ends this person's plan at once: the workspace is on Free then. */
export async function endPlan({ api }: WithSession): Promise<void> {
  await expect(await api.post(pathOf(cancelPlan), { data: { when: "now" } })).toBeOK();
}

/** This person's card goes bad: from here on no payment goes through, until another card is given. */
export async function cardGoesBad(person: Person): Promise<void> {
  const { customer, subscription } = await atStripe(person);
  const post = async (path: string, form: Record<string, string>) => {
    const answer = await person.api.post(stripeUrl(`/v1/${path}`), { headers: key, form });
    await expect(answer).toBeOK();
    return (await answer.json()) as { id: string };
  };
  const { id } = await post("payment_methods/pm_card_chargeCustomerFail/attach", { customer });
  await post(`subscriptions/${subscription.id}`, { default_payment_method: id });
}

/** Waits until the service has heard that a payment of this person is open. */
export async function untilPastDue(person: WithSession): Promise<void> {
  await expect.poll(async () => (await subscriptionNow(person)).status, { timeout: 20_000 }).toBe("past_due");
}
