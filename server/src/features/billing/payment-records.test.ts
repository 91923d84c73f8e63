import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { reconcile } from "./reconcile.ts";

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

const records = async ({ workspaceId }: Client) =>
  (
    await app.db.operator.query(
      "select action, subject_id as subject, data from audit_log where workspace_id = $1 and action ~ '^billing.(disputed|dispute_closed|refunded)$' order by created_at, id",
      [workspaceId],
    )
  ).rows;

async function chargeOf(client: Client): Promise<string> {
  const { rows } = await app.db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [
    client.workspaceId,
  ]);
  const { data } = await app.local.stripe.charges.list({ customer: rows[0].id });
  return data[0]?.id ?? "";
}

test("a dispute is on record when it opens and when it closes, once each, and the plan stays as Stripe has it", async () => {
  app.local.control.deliveries.setMode({ duplicate: true });
  const pat = await app.payer("pro");
  const charge = await chargeOf(pat);
  const dispute = app.local.control.dispute(charge, "fraudulent");
  await app.settled();
  const facts = { charge, amountCents: 2900, currency: "usd", reason: "fraudulent" };
  expect(await records(pat)).toEqual([{ action: "billing.disputed", subject: dispute.id, data: facts }]);
  app.local.control.closeDispute(dispute.id, "lost");
  await app.settled();
  app.local.control.deliveries.setMode({ duplicate: false });
  expect((await records(pat)).slice(1)).toEqual([
    { action: "billing.dispute_closed", subject: dispute.id, data: { ...facts, outcome: "lost" } },
  ]);
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
});

test("money paid back is on record, part by part", async () => {
  const pat = await app.payer("team");
  const charge = await chargeOf(pat);
  const first = app.local.control.refund(charge, 900);
  const second = app.local.control.refund(charge);
  await app.settled();
  expect((await records(pat)).map(({ action, subject, data }) => [action, subject, data.amountCents])).toEqual(
    expect.arrayContaining([
      ["billing.refunded", first.id, 900],
      ["billing.refunded", second.id, 7000],
    ]),
  );
  expect(await records(pat)).toHaveLength(2);
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", status: "active" });
});

test("what no event told is found by a reconciliation; other people's refunds and disputes are left alone", async () => {
  const pat = await app.payer("pro");
  const other = await app.local.stripe.customers.create({ email: "other@example.org" });
  const intent = await app.local.stripe.paymentIntents.create({
    amount: 500,
    currency: "usd",
    customer: other.id,
    payment_method: "pm_card_visa",
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  app.local.control.deliveries.setMode({ drop: 1_000 });
  const refund = app.local.control.refund(await chargeOf(pat), 100);
  const dispute = app.local.control.dispute(await chargeOf(pat));
  await app.local.stripe.refunds.create({ payment_intent: intent.id });
  await app.settled();
  app.local.control.deliveries.setMode({ drop: 0 });
  expect(await records(pat)).toEqual([]);
  await reconcile(app.billing());
  await app.settled();
  expect((await records(pat)).map(({ action, subject }) => `${action} ${subject}`).toSorted()).toEqual([
    `billing.disputed ${dispute.id}`,
    `billing.refunded ${refund.id}`,
  ]);
  const { rows } = await app.db.operator.query(
    "select count(*)::int as open from billing_events where error is not null",
  );
  expect(rows).toEqual([{ open: 0 }]);
});

test("a payment page that was left changes nothing, and another one can be opened", async () => {
  const pat = await app.signUp();
  const session = await app.checkout(pat, "pro");
  app.local.control.turnClock(25 * 3_600);
  await app.settled();
  expect((await app.local.stripe.checkout.sessions.retrieve(session)).status).toBe("expired");
  expect(await app.subscription(pat)).toMatchObject({ plan: "free", status: "none" });
  expect(await app.checkout(pat, "pro")).not.toBe(session);
});
