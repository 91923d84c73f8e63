import { randomUUIDv7 } from "node:crypto";
import type { AuditEntry, BillingEvent, Customer } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { operatorEnv, signUpOperator } from "../../../test/operator.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";

let app: PaidApp;
let boss: Client;
let pat: Client;
let customer: string;

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

const list = async (query = ""): Promise<BillingEvent[]> =>
  (await boss.get<Page<BillingEvent>>(`/api/v1/admin/events${query}`)).body.items;
const replay = (id: string) => boss.post<BillingEvent>(`/api/v1/admin/events/${id}/replay`);
const audit = async (client: Client) =>
  (await boss.get<Page<AuditEntry>>(`/api/v1/admin/customers/${client.workspaceId}/audit`)).body.items;

/** All that an event could have changed. */
async function stateOf(workspaceId: string): Promise<string> {
  const { rows } = await app.db.operator.query(
    `select (select row_to_json(w) from workspaces w where id = $1) as workspace,
      (select row_to_json(s) from subscriptions s where workspace_id = $1) as subscription,
      (select json_agg(r order by id) from revenue_changes r where workspace_id = $1) as moves,
      (select json_agg(a order by id) from audit_log a where workspace_id = $1 and action like 'billing.%') as audit,
      (select json_agg(m order by id) from mails m) as mails`,
    [workspaceId],
  );
  return JSON.stringify(rows);
}

beforeAll(async () => {
  app = await startPaidApp({ env: operatorEnv });
  boss = await signUpOperator(app);
  await app.payer("team");
  pat = await app.payer("pro");
  const { body } = await boss.get<Customer>(`/api/v1/admin/customers/${pat.workspaceId}`);
  customer = body.stripeCustomerId ?? "";
});
afterAll(() => app.close());

test("what Stripe sent, newest first, by type and by customer, page by page", async () => {
  const all = await list();
  expect(all.length).toBeGreaterThan(4);
  expect(all.map(({ id }) => id)).toEqual(
    all
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );
  const paid = await list("?type=invoice.paid");
  expect(paid).toMatchObject([
    { type: "invoice.paid", stripeCustomerId: customer, customer: { id: pat.workspaceId }, attempts: 1, error: null },
    { type: "invoice.paid", attempts: 1, error: null },
  ]);
  expect(paid[1]?.stripeCustomerId).not.toBe(customer);
  const theirs = await list(`?customer=${customer}`);
  expect(theirs.length).toBeLessThan(all.length);
  expect(theirs).toEqual(all.filter(({ stripeCustomerId }) => stripeCustomerId === customer));
  expect(await list("?customer=cus_nobody")).toEqual([]);
  expect(await list("?state=waiting")).toEqual([]);
  const first = (await boss.get<Page<BillingEvent>>("/api/v1/admin/events?limit=2")).body;
  const second = await list(`?limit=2&cursor=${first.nextCursor ?? ""}`);
  expect([...first.items, ...second]).toEqual(all.slice(0, 4));
});

test("one event with its payload", async () => {
  const [paid] = await list("?type=invoice.paid");
  const { body } = await boss.get(`/api/v1/admin/events/${paid?.id ?? ""}`);
  expect(body).toMatchObject({
    ...paid,
    payload: { id: paid?.stripeEventId, data: { object: { object: "invoice" } } },
  });
  expect((await boss.get(`/api/v1/admin/events/${pat.workspaceId}`)).status).toBe(404);
});

test("to replay what was done already changes nothing, and is on record with who did it", async () => {
  const before = await stateOf(pat.workspaceId);
  const events = await list(`?customer=${customer}`);
  for (const { id } of events) expect((await replay(id)).body).toMatchObject({ id, processedAt: null });
  await app.settled();
  expect(await stateOf(pat.workspaceId)).toBe(before);
  const after = await list(`?customer=${customer}`);
  expect(after.every(({ processedAt, error }) => processedAt !== null && error === null)).toBe(true);
  const replayed = (await audit(pat)).filter(({ action }) => action === "admin.event_replayed");
  expect(replayed.map(({ subjectId }) => subjectId)).toEqual(
    events.map(({ stripeEventId }) => stripeEventId).toReversed(),
  );
  expect(replayed[0]?.actor).toEqual({ type: "user", id: boss.userId });
});

test("with the same Idempotency-Key it is replayed once", async () => {
  const [paid] = await list("?type=invoice.paid");
  const path = `/api/v1/admin/events/${paid?.id ?? ""}/replay`;
  const key = { "idempotency-key": "once" };
  const before = (await audit(pat)).length;
  const answers = [await boss.post(path, undefined, key), await boss.post(path, undefined, key)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect((await audit(pat)).length).toBe(before + 1);
  await app.settled();
});

test("an event that failed is found, tells why, and goes through at once when it is replayed", async () => {
  const { data } = await app.local.stripe.subscriptions.list({ customer });
  const [subscription] = data;
  const item = subscription?.items.data[0]?.id ?? "";
  const foreign = await app.local.stripe.prices.create({
    product: "charlie_pro",
    currency: "usd",
    unit_amount: 100,
    recurring: { interval: "month" },
  });
  await app.local.stripe.subscriptions.update(subscription?.id ?? "", { items: [{ id: item, price: foreign.id }] });
  await expect.poll(() => list("?state=failed"), { timeout: 10_000 }).toHaveLength(1);
  const [failed] = await list("?state=failed");
  expect(failed).toMatchObject({
    type: "customer.subscription.updated",
    processedAt: null,
    customer: { id: pat.workspaceId },
  });
  expect(failed?.error).toContain(foreign.id);

  const { prices } = await app.local.catalogue();
  app.local.control.deliveries.setMode({ drop: 1_000 });
  await app.local.stripe.subscriptions.update(subscription?.id ?? "", {
    items: [{ id: item, price: prices.team.month }],
  });
  await app.settled();
  app.local.control.deliveries.setMode({ drop: 0 });
  // The queue waits before it tries again; whoever presses the button does not.
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro" });
  await replay(failed?.id ?? "");
  await expect.poll(() => list("?state=failed"), { timeout: 10_000 }).toEqual([]);
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "team" });
});

test("an event of nobody we know is done when it is replayed, and on record with who pressed the button", async () => {
  await app.db.operator.query(
    `insert into billing_events (id, stripe_event_id, type, payload, processed_at)
    values ($1, 'evt_price', 'price.created', $2, now())`,
    [randomUUIDv7(), { id: "evt_price", type: "price.created", data: { object: { id: "price_1", object: "price" } } }],
  );
  const price = (await list("?type=price.created"))[0];
  if (!price) throw new Error("no such event");
  await replay(price.id);
  await app.settled();
  const [again] = await list("?type=price.created");
  expect(again).toMatchObject({ id: price.id, error: null, customer: null });
  expect(again?.processedAt).not.toBeNull();
  expect((await audit(boss))[0]).toMatchObject({ action: "admin.event_replayed", subjectId: price.stripeEventId });
});
