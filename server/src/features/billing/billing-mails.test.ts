import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { moneyWords } from "./letters.ts";
import { reconcile } from "./reconcile.ts";

const hour = 3_600;
const day = 24 * hour;

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

interface Mail {
  subject: string;
  text: string;
  html: string;
}

/** What was sent to somebody about their plan, oldest first. */
const mailsTo = async ({ email }: Client): Promise<Mail[]> =>
  (
    await app.db.operator.query<Mail>(
      "select subject, text, html from mails where recipient = $1 and dedupe_key ~ '^(receipt|payment-failed|plan-ended):' order by created_at, id",
      [email],
    )
  ).rows;
const subjectsTo = async (client: Client) => (await mailsTo(client)).map(({ subject }) => subject);

const customerOf = async (client: Client): Promise<string> =>
  (await app.db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [client.workspaceId]))
    .rows[0].id;

async function turn(seconds: number): Promise<void> {
  app.local.control.turnClock(seconds);
  await app.settled();
}

/** Turns the clock to a while after the end of somebody's period. */
async function renew(client: Client): Promise<void> {
  const { periodEnd } = await app.subscription(client);
  await turn(Math.floor(Date.parse(periodEnd ?? "") / 1_000) - app.local.control.now() + 2 * hour);
}

test("amounts are written as people write them", () => {
  expect([2900, 2950, 123_456, 0].map((cents) => moneyWords(cents, "usd"))).toEqual([
    "$29",
    "$29.50",
    "$1,234.56",
    "$0",
  ]);
  expect(moneyWords(1990, "eur")).toBe("€19.90");
});

test("each payment has its receipt with the way to its invoice, once, however often events come", async () => {
  app.local.control.deliveries.setMode({ duplicate: true, shuffle: true });
  const pat = await app.payer("pro");
  await renew(pat);
  app.local.control.deliveries.setMode({ duplicate: false, shuffle: false });
  const receipts = await mailsTo(pat);
  expect(receipts.map(({ subject }) => subject)).toEqual(["Your receipt: $29", "Your receipt: $29"]);
  const { data } = await app.local.stripe.invoices.list({ customer: await customerOf(pat) });
  const links = data.map(({ hosted_invoice_url: url }) => url ?? "").toReversed();
  expect(links).toHaveLength(2);
  for (const [index, link] of links.entries()) {
    expect(receipts[index]?.text).toContain(link);
    expect(receipts[index]?.html).toContain(link);
  }
});

test("a failed payment is told once with the date; unpaid, the end is told once; paid, there is a receipt and no more", async () => {
  const pat = await app.payer("team");
  const customer = await customerOf(pat);
  app.local.control.failPayments({ customer, times: 100 });
  await renew(pat);
  const [, failed, ...others] = await mailsTo(pat);
  expect(others).toEqual([]);
  expect(failed?.subject).toBe("A payment did not go through");
  expect(failed?.text).toContain("$79 for your Team plan");
  const { pastDue } = await app.subscription(pat);
  const until = new Date(pastDue?.endsAt ?? "");
  expect(failed?.text).toContain(
    until.toLocaleDateString("en-US", { timeZone: "UTC", year: "numeric", month: "long", day: "numeric" }),
  );
  expect(failed?.html).toContain(pastDue?.invoiceUrl ?? "nothing");

  // Stripe tries again and fails again; nobody is told twice. Then the days of grace are over.
  await turn(6 * day);
  await turn(2 * day);
  expect(await app.subscription(pat)).toMatchObject({ plan: "free", status: "past_due" });
  expect((await subjectsTo(pat)).slice(2)).toEqual(["Your Team plan has ended"]);
  const ended = (await mailsTo(pat)).at(-1);
  expect(ended?.text).toContain("Nothing was deleted.");
  expect(ended?.text).toContain(pastDue?.invoiceUrl ?? "nothing");

  app.local.control.failPayments({ customer, times: 0 });
  await turn(14 * day);
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", status: "active", pastDue: null });
  expect((await subjectsTo(pat)).slice(3)).toEqual(["Your receipt: $79"]);
});

test("a payment that was made before anybody looked is told as paid only", async () => {
  const pat = await app.payer("pro");
  const customer = await customerOf(pat);
  app.local.control.deliveries.setMode({ hold: true });
  app.local.control.failPayments({ customer, times: 1 });
  await renew(pat);
  const { data } = await app.local.stripe.invoices.list({ customer, status: "open" });
  await app.local.stripe.invoices.pay(data[0]?.id ?? "");
  app.local.control.deliveries.setMode({ hold: false });
  app.local.control.deliveries.release({ shuffle: true });
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
  expect(await subjectsTo(pat)).toEqual(["Your receipt: $29", "Your receipt: $29"]);
});

test("a plan that ends as it was asked to, is ended in Stripe, or loses its customer there is told once", async () => {
  const [pat, sam, kim] = [await app.payer("pro"), await app.payer("pro"), await app.payer("team")];
  const idOf = async (client: Client) =>
    (await app.local.stripe.subscriptions.list({ customer: await customerOf(client) })).data[0]?.id ?? "";
  await app.local.stripe.subscriptions.update(await idOf(pat), { cancel_at_period_end: true });
  await app.local.stripe.subscriptions.cancel(await idOf(sam));
  await app.local.stripe.customers.del(await customerOf(kim));
  await app.settled();
  expect(await subjectsTo(pat)).toEqual(["Your receipt: $29"]);
  await renew(pat);
  expect(await subjectsTo(pat)).toEqual(["Your receipt: $29", "Your Pro plan has ended"]);
  expect(await subjectsTo(sam)).toEqual(["Your receipt: $29", "Your Pro plan has ended"]);
  expect(await subjectsTo(kim)).toEqual(["Your receipt: $79", "Your Team plan has ended"]);
  expect((await mailsTo(sam)).at(-1)?.text).toContain(`${app.url}/pricing`);
});

test("nobody is written to at an address that was not confirmed", async () => {
  const pat = await app.payer("pro");
  await app.db.operator.query("update users set email_verified = false where email = $1", [pat.email]);
  await renew(pat);
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
  expect(await subjectsTo(pat)).toEqual(["Your receipt: $29"]);
});

test("receipts whose events never came are made good by a reconciliation, once", async () => {
  app.local.control.deliveries.setMode({ drop: 1_000 });
  const pat = await app.signUp();
  app.local.control.payCheckout(await app.checkout(pat));
  await app.settled();
  expect(await subjectsTo(pat)).toEqual([]);
  // Not even Stripe's list of events tells of it any more.
  const services = app.billing();
  const forgetful = new Proxy(services.stripe, {
    get: (target, key) => (key === "events" ? { list: () => [] } : Reflect.get(target, key)),
  });
  await reconcile({ ...services, stripe: forgetful });
  app.local.control.deliveries.setMode({ drop: 0 });
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
  expect(await subjectsTo(pat)).toEqual(["Your receipt: $29"]);
  await reconcile(services);
  await app.settled();
  expect(await subjectsTo(pat)).toEqual(["Your receipt: $29"]);
});
