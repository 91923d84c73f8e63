import type { BillingDifference, Customer, Reconciliation } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { operatorEnv, signUpOperator } from "../../../test/operator.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";

let app: PaidApp;
let boss: Client;
let pat: Client;
beforeAll(async () => {
  app = await startPaidApp({ env: operatorEnv });
  boss = await signUpOperator(app);
  pat = await app.payer("pro");
});
afterAll(() => app.close());

const path = "/api/v1/admin/reconciliation";

const differences = async (query = ""): Promise<BillingDifference[]> =>
  (await boss.get<{ items: BillingDifference[] }>(`/api/v1/admin/differences${query}`)).body.items;

/** Presses the button and waits for its end. */
async function reconcileNow(): Promise<Reconciliation> {
  const { body } = await boss.post<Reconciliation>(path);
  expect(body.finishedAt).toBeNull();
  await app.settled();
  const { latest } = (await boss.get<{ latest: Reconciliation }>(path)).body;
  expect(latest.id).toBe(body.id);
  return latest;
}

/** Changes the price in Stripe; nobody is told. */
async function changePrice(price: string): Promise<void> {
  const { body } = await boss.get<Customer>(`/api/v1/admin/customers/${pat.workspaceId}`);
  const { data } = await app.local.stripe.subscriptions.list({ customer: body.stripeCustomerId ?? "" });
  app.local.control.deliveries.setMode({ drop: 1_000 });
  await app.local.stripe.subscriptions.update(data[0]?.id ?? "", {
    items: [{ id: data[0]?.items.data[0]?.id ?? "", price }],
    proration_behavior: "none",
  });
  await app.local.control.deliveries.settled();
  app.local.control.deliveries.setMode({ drop: 0 });
}

test("where all is as in Stripe, nothing is listed", async () => {
  expect(await reconcileNow()).toMatchObject({ checked: 1, recovered: 0, repaired: 0, failed: 0, error: null });
  expect(await differences()).toEqual([]);
});

test("what differed is listed with both sides, and repaired", async () => {
  await app.db.operator.query("update workspaces set plan = 'free' where id = $1", [pat.workspaceId]);
  expect(await reconcileNow()).toMatchObject({ checked: 1, repaired: 1 });
  const [found, ...rest] = await differences();
  expect(rest).toEqual([]);
  expect(found).toMatchObject({
    kind: "state",
    customer: { id: pat.workspaceId },
    data: { workspacePlan: { from: "free", to: "pro" } },
    error: null,
  });
  expect(found?.repairedAt).not.toBeNull();
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro" });
});

test("an event that Stripe could not deliver is listed by its type", async () => {
  const { prices } = await app.local.catalogue();
  await changePrice(prices.team.month);
  expect(await reconcileNow()).toMatchObject({ recovered: 1 });
  const events = (await differences()).filter(({ kind }) => kind === "event");
  expect(events).toMatchObject([
    { data: { type: "customer.subscription.updated" }, customer: { id: pat.workspaceId } },
  ]);
  expect(await app.subscription(pat)).toMatchObject({ plan: "team" });
});

test("what cannot be repaired stays open once, however often it is found, until it goes well", async () => {
  const foreign = await app.local.stripe.prices.create({
    product: "charlie_pro",
    currency: "usd",
    unit_amount: 100,
    recurring: { interval: "month" },
  });
  await changePrice(foreign.id);
  expect(await reconcileNow()).toMatchObject({ failed: 1 });
  expect(await reconcileNow()).toMatchObject({ failed: 1 });
  const open = await differences("?state=open");
  expect(open).toMatchObject([{ kind: "state", repairedAt: null, customer: { id: pat.workspaceId } }]);
  expect(open[0]?.error).toContain(foreign.id);
  expect(Date.parse(open[0]?.lastSeenAt ?? "")).toBeGreaterThan(Date.parse(open[0]?.foundAt ?? ""));
  const { prices } = await app.local.catalogue();
  await changePrice(prices.pro.month);
  await reconcileNow();
  expect(await differences("?state=open")).toEqual([]);
  expect((await differences()).find(({ id }) => id === open[0]?.id)?.repairedAt).not.toBeNull();
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro" });
});

test("pressed by many at once, it is done once", async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => boss.post<Reconciliation>(path)));
  const ids = new Set(answers.map(({ body }) => body.id));
  await app.settled();
  const { rows } = await app.db.operator.query("select count(*)::int as runs from reconciliations where id = any($1)", [
    [...ids],
  ]);
  // One that was asked for after the first had ended is another one.
  expect(rows[0].runs).toBe(ids.size);
  expect(ids.size).toBeLessThan(5);
});

test("with Stripe away it says so", async () => {
  await app.local.close();
  await boss.post(path);
  const ended = async () => (await boss.get<{ latest: Reconciliation }>(path)).body.latest;
  await expect.poll(async () => (await ended()).error, { timeout: 30_000 }).not.toBeNull();
  expect((await ended()).finishedAt).not.toBeNull();
});
