import type { Invoice, Subscription } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionIdOf, startPaidApp, type PaidApp } from "../../../test/paid-app.ts";

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

const auditOf = async (workspaceId: string, action: string) =>
  (
    await app.db.operator.query("select * from audit_log where workspace_id = $1 and action = $2 order by created_at", [
      workspaceId,
      action,
    ])
  ).rows;
const customerOf = async (workspaceId: string): Promise<string> =>
  (
    await app.db.operator.query<{ id: string }>("select stripe_customer_id as id from workspaces where id = $1", [
      workspaceId,
    ])
  ).rows[0]?.id ?? "";

test("who never paid is on Free, with no invoices and nothing to manage", async () => {
  const pat = await app.signUp();
  expect(await app.subscription(pat)).toEqual({
    plan: "free",
    subscribedTo: null,
    status: "none",
    interval: null,
    periodStart: null,
    periodEnd: null,
    cancelAt: null,
    next: null,
    pastDue: null,
    canManage: false,
    happened: [],
  });
  expect((await pat.get("/api/v1/billing/invoices")).body).toEqual({ items: [], nextCursor: null });
  expect(await pat.post("/api/v1/billing/portal", {})).toMatchObject({ status: 409, body: { code: "never_paid" } });
  expect((await pat.post("/api/v1/billing/refresh")).status).toBe(200);
});

test("paid: the webhook alone makes the plan Pro", async () => {
  const pat = await app.signUp();
  const session = await app.checkout(pat);
  expect(app.local.control.payCheckout(session)).toMatchObject({ status: "complete" });
  await app.settled();
  const now = await app.subscription(pat);
  expect(now).toMatchObject({ plan: "pro", status: "active", cancelAt: null, canManage: true });
  expect(now.next).toEqual({ kind: "renews", at: now.periodEnd, amountCents: 2900 });
  const { body: limits } = await pat.get<{ plan: string; agents: { limit: number } }>("/api/v1/usage/limits");
  expect(limits).toMatchObject({ plan: "pro", agents: { used: 0, limit: 10 } });
  const { body: current } = await pat.get<{ metrics: { metric: string; periodStart: string }[] }>(
    "/api/v1/usage/current",
  );
  expect(current.metrics.find(({ metric }) => metric === "tokens")?.periodStart).toBe(now.periodStart);
  expect(await auditOf(pat.workspaceId, "billing.synced")).toMatchObject([
    {
      actor_type: "system",
      data: { cause: "event", workspacePlan: { from: "free", to: "pro" }, status: { from: null, to: "active" } },
    },
  ]);
});

test("paid, and the page after payment comes before any webhook; the late webhooks then change nothing", async () => {
  app.local.control.deliveries.setMode({ hold: true });
  const pat = await app.signUp();
  app.local.control.payCheckout(await app.checkout(pat));
  expect((await app.subscription(pat)).plan).toBe("free");
  const { body } = await pat.post<Subscription>("/api/v1/billing/refresh");
  expect(body).toMatchObject({ plan: "pro", status: "active" });
  app.local.control.deliveries.setMode({ hold: false });
  app.local.control.deliveries.release({ shuffle: true });
  await app.settled();
  expect(await app.subscription(pat)).toEqual(body);
  expect(await auditOf(pat.workspaceId, "billing.synced")).toHaveLength(1);
});

test("shuffled and doubled events end where Stripe stands", async () => {
  app.local.control.deliveries.setMode({ shuffle: true, duplicate: true });
  const pat = await app.payer("team");
  app.local.control.deliveries.setMode({ shuffle: false, duplicate: false });
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", status: "active", next: { amountCents: 7900 } });
  const { rows } = await app.db.operator.query(
    "select type, count(*)::int as times, count(*) filter (where processed_at is null) as open from billing_events where stripe_customer_id = $1 group by type",
    [await customerOf(pat.workspaceId)],
  );
  expect(rows.find(({ type }) => type === "checkout.session.completed")).toMatchObject({ times: 1, open: 0 });
  expect(rows.every(({ open }) => open === 0)).toBe(true);
});

test("invoices are the workspace's own: a stranger gets none of them, whatever cursor is tried", async () => {
  const pat = await app.payer();
  const { body } = await pat.get<{ items: Invoice[] }>("/api/v1/billing/invoices");
  expect(body.items).toMatchObject([{ status: "paid", totalCents: 2900, currency: "usd" }]);
  expect(body.items[0]?.url).toMatch(/^http/);
  const other = await app.payer();
  const cursor = body.items[0]?.id ?? "";
  const { body: theirs } = await other.get<{ items: Invoice[] }>("/api/v1/billing/invoices");
  expect(theirs.items).toHaveLength(1);
  expect(theirs.items[0]?.id).not.toBe(cursor);
  const tried = await other.get<{ items?: Invoice[] }>(`/api/v1/billing/invoices?cursor=${cursor}`);
  expect((tried.body.items ?? []).map(({ id }) => id)).not.toContain(cursor);
  expect(await other.get("/api/v1/billing/invoices?cursor=in_nothing")).toMatchObject({
    status: 400,
    body: { code: "invalid_cursor" },
  });
  expect((await app.stranger().get("/api/v1/billing/invoices")).status).toBe(401);
  const header = { "charlie-workspace": pat.workspaceId };
  expect([403, 404]).toContain((await other.get("/api/v1/billing/invoices", undefined, header)).status);
});

test("a subscription cancelled in Stripe's dashboard ends the plan; a deleted customer too, and paying again works", async () => {
  const pat = await app.payer();
  const customer = await customerOf(pat.workspaceId);
  const { data } = await app.local.stripe.subscriptions.list({ customer });
  await app.local.stripe.subscriptions.cancel(data[0]?.id ?? "");
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "free", status: "canceled", next: null });

  const sam = await app.payer("team");
  const gone = await customerOf(sam.workspaceId);
  await app.local.stripe.customers.del(gone);
  await app.settled();
  expect(await app.subscription(sam)).toMatchObject({ plan: "free", status: "canceled" });
  app.local.control.payCheckout(await app.checkout(sam, "pro"));
  await app.settled();
  expect(await app.subscription(sam)).toMatchObject({ plan: "pro", status: "active" });
  expect(await customerOf(sam.workspaceId)).not.toBe(gone);
});

test("paid twice all the same: the later one is paid back and cancelled, and that is on record", async () => {
  const pat = await app.payer("pro");
  const customer = await customerOf(pat.workspaceId);
  const { prices } = await app.local.catalogue();
  const session = await app.local.stripe.checkout.sessions.create({
    mode: "subscription",
    customer,
    line_items: [{ price: prices.team.month, quantity: 1 }],
    success_url: `${app.url}/billing/success`,
  });
  // Stripe's times have a resolution of one second.
  app.local.control.turnClock(1);
  app.local.control.payCheckout(sessionIdOf(session.url ?? ""));
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
  const { data } = await app.local.stripe.subscriptions.list({ customer, status: "all" });
  expect(data.map(({ status }) => status).toSorted()).toEqual(["active", "canceled"]);
  const refunds = await app.local.stripe.refunds.list();
  expect(refunds.data.map(({ amount }) => amount)).toEqual([7900]);
  expect(await auditOf(pat.workspaceId, "billing.subscribed_twice")).toMatchObject([{ data: { plan: "team" } }]);
  await pat.post("/api/v1/billing/refresh");
  expect((await app.local.stripe.refunds.list()).data).toHaveLength(1);
});

test("a price that is none of ours is named and refused, and the plan stays", async () => {
  const pat = await app.payer("pro");
  const customer = await customerOf(pat.workspaceId);
  const { data } = await app.local.stripe.subscriptions.list({ customer });
  const foreign = await app.local.stripe.prices.create({
    product: "charlie_pro",
    currency: "usd",
    unit_amount: 100,
    recurring: { interval: "month" },
  });
  const item = data[0]?.items.data[0]?.id ?? "";
  await app.local.stripe.subscriptions.update(data[0]?.id ?? "", { items: [{ id: item, price: foreign.id }] });
  await app.local.control.deliveries.settled();
  expect(await pat.post("/api/v1/billing/refresh")).toMatchObject({ status: 503, body: { code: "price_unknown" } });
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro" });
  expect(await auditOf(pat.workspaceId, "billing.price_unknown")).toMatchObject([{ subject_id: foreign.id }]);
  // Back to a price we know: the next sync, whatever calls it, goes through.
  const { prices } = await app.local.catalogue();
  await app.local.stripe.subscriptions.update(data[0]?.id ?? "", { items: [{ id: item, price: prices.team.month }] });
  expect(await pat.post("/api/v1/billing/refresh")).toMatchObject({ status: 200, body: { plan: "team" } });
});
