import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";

const hour = 3_600;
const day = 24 * hour;

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp({ env: { BILLING_GRACE_DAYS: "5" } });
});
afterAll(() => app.close());

const customerOf = async (client: Client): Promise<string> =>
  (await app.db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [client.workspaceId]))
    .rows[0].id;

const happened = async (client: Client) =>
  (await app.subscription(client)).happened.map(({ what, plan, amountCents }) => ({ what, plan, amountCents }));

const chargeOf = async (client: Client): Promise<string> => {
  const { data } = await app.local.stripe.charges.list({ customer: await customerOf(client) });
  return data[0]?.id ?? "";
};

/** Turns the clock to `seconds` after the period's end. */
async function turnPast(client: Client, seconds: number): Promise<void> {
  const { periodEnd } = await app.subscription(client);
  const to = Math.floor(Date.parse(periodEnd ?? "") / 1_000) + seconds;
  app.local.control.turnClock(Math.max(0, to - app.local.control.now()));
  await app.settled();
  await client.post("/api/v1/billing/refresh");
}

test("money paid back, disputes and how they end are told, newest first; what else happens is not", async () => {
  const pat = await app.payer("pro");
  expect(await happened(pat)).toEqual([]);
  const charge = await chargeOf(pat);
  app.local.control.refund(charge, 900);
  await app.settled();
  const { id } = app.local.control.dispute(charge, "fraudulent");
  await app.settled();
  app.local.control.closeDispute(id, "lost");
  await app.settled();
  expect(await happened(pat)).toEqual([
    { what: "dispute_lost", plan: null, amountCents: 2000 },
    { what: "disputed", plan: null, amountCents: 2000 },
    { what: "refunded", plan: null, amountCents: 900 },
  ]);
});

test("a plan that its owner ended is not told as unpaid, also where a payment was open", async () => {
  const pat = await app.payer("team");
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", subscribedTo: "team" });
  app.local.control.failPayments({ customer: await customerOf(pat), times: 100 });
  await turnPast(pat, 2 * hour);
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", status: "past_due" });
  expect((await pat.post("/api/v1/billing/cancel", { when: "now" })).status).toBe(200);
  expect(await app.subscription(pat)).toMatchObject({ plan: "free", subscribedTo: null, pastDue: null });
  expect(await happened(pat)).toEqual([{ what: "ended", plan: "team", amountCents: null }]);
});

test("a plan whose payment stays open falls as unpaid, and is still subscribed to", async () => {
  const pat = await app.payer("pro");
  app.local.control.failPayments({ customer: await customerOf(pat), times: 100 });
  await turnPast(pat, 2 * hour);
  app.local.control.turnClock(5 * day);
  await app.settled();
  await pat.post("/api/v1/billing/refresh");
  expect(await app.subscription(pat)).toMatchObject({ plan: "free", subscribedTo: "pro", status: "past_due" });
  const fell = { what: "ended_unpaid", plan: "pro", amountCents: null };
  expect(await happened(pat)).toEqual([fell]);
  // Paid after all, the plan is back, and that is told as well.
  const { data } = await app.local.stripe.invoices.list({ customer: await customerOf(pat), status: "open" });
  app.local.control.failPayments({ customer: await customerOf(pat), times: 0 });
  await app.local.stripe.invoices.pay(data[0]?.id ?? "");
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
  expect(await happened(pat)).toEqual([{ what: "paid_again", plan: "pro", amountCents: null }, fell]);
});

test("a plan that was ended and is paid for anew is told as back; the first payment of all is not told", async () => {
  const pat = await app.payer("pro");
  await pat.post("/api/v1/billing/cancel", { when: "now" });
  app.local.control.payCheckout(await app.checkout(pat, "team"));
  await app.settled();
  expect(await happened(pat)).toEqual([
    { what: "paid_again", plan: "team", amountCents: null },
    { what: "ended", plan: "pro", amountCents: null },
  ]);
});

test("nobody reads of another workspace's money", async () => {
  const [pat, other] = [await app.payer("pro"), await app.signUp()];
  app.local.control.refund(await chargeOf(pat), 100);
  await app.settled();
  expect(await happened(pat)).toHaveLength(1);
  expect(await happened(other)).toEqual([]);
});
