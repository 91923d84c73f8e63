import type { AuditEntry, Customer, Invoice } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { operatorEnv, signUpOperator } from "../../../test/operator.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";

let app: PaidApp;
let boss: Client;
let pro: Client;
let yearly: Client;
let free: Client;

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

const list = async (query = ""): Promise<Customer[]> =>
  (await boss.get<Page<Customer>>(`/api/v1/admin/customers${query}`)).body.items;
const ids = async (query: string) => (await list(query)).map(({ id }) => id);
const one = async ({ workspaceId }: Client): Promise<Customer> =>
  (await boss.get<Customer>(`/api/v1/admin/customers/${workspaceId}`)).body;

beforeAll(async () => {
  app = await startPaidApp({ env: operatorEnv });
  boss = await signUpOperator(app);
  pro = await app.payer("pro");
  yearly = await app.payer("team", "year");
  free = await app.signUp({ email: "willow.o-brien@garden.example" });
  await app.db.operator.query("update users set name = 'Łucja Ó Briain' where id = $1", [free.userId]);
});
afterAll(() => app.close());

test("each customer with what they pay, newest first", async () => {
  const { url } = app.local;
  expect(await list()).toMatchObject([
    {
      id: free.workspaceId,
      plan: "free",
      status: "none",
      interval: null,
      mrrMicros: 0,
      renewsAt: null,
      stripeUrl: null,
    },
    {
      id: yearly.workspaceId,
      owner: { name: "Pat Tester", email: yearly.email },
      plan: "team",
      status: "active",
      interval: "year",
      mrrMicros: Math.round(790_000_000 / 12),
      renewalCents: 79_000,
      renewsAt: (await app.subscription(yearly)).periodEnd,
      pastDue: null,
      cancelAt: null,
      stripeUrl: `${url}/sandbox`,
    },
    { id: pro.workspaceId, plan: "pro", interval: "month", mrrMicros: 29_000_000, renewalCents: 2900 },
    { id: boss.workspaceId },
  ]);
  expect(await one(pro)).toEqual((await list()).find(({ id }) => id === pro.workspaceId));
  const nobody = await boss.get(`/api/v1/admin/customers/${pro.userId}`);
  expect(nobody.status).toBe(404);
});

test("pages end where the next begins", async () => {
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Page<Customer> = (
      await boss.get<Page<Customer>>(`/api/v1/admin/customers?limit=3${cursor && `&cursor=${cursor}`}`)
    ).body;
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(await ids(""));
});

test.each([
  ["the beginning of an address", "willow.o-b"],
  ["any part of it", "garden"],
  ["the beginning of a name", "Łuc"],
  ["an address in capitals", "WILLOW"],
  ["words in any order", "briain willow"],
  ["the workspace's name", "Gardeners"],
])("search finds by %s", async (_by, search) => {
  await app.db.operator.query("update workspaces set name = 'Gardeners United' where id = $1", [free.workspaceId]);
  expect(await ids(`?search=${encodeURIComponent(search)}`)).toEqual([free.workspaceId]);
});

test.each(["nobody-of-this-name", "arden", "willow xyz", "'", "!!!", ":* & |", "\\"])(
  "search finds nobody by %s",
  async (search) => {
    const answer = await boss.get<Page<Customer>>(`/api/v1/admin/customers?search=${encodeURIComponent(search)}`);
    expect([answer.status, answer.body.items]).toEqual([200, []]);
  },
);

test("groups: who pays, whose payment failed, who has cancelled, who is on Free", async () => {
  const late = await app.payer("pro");
  const leaving = await app.payer("team");
  const customer = async (client: Client) => (await one(client)).stripeCustomerId ?? "";
  const { data } = await app.local.stripe.subscriptions.list({ customer: await customer(leaving) });
  await app.local.stripe.subscriptions.update(data[0]?.id ?? "", { cancel_at_period_end: true });
  await app.settled();
  expect(await ids("?group=ending")).toEqual([leaving.workspaceId]);
  expect(await one(leaving)).toMatchObject({ renewsAt: null, renewalCents: null, mrrMicros: 79_000_000 });
  expect((await one(leaving)).cancelAt).not.toBeNull();

  app.local.control.failPayments({ customer: await customer(late), times: 100 });
  app.local.control.turnClock(31.5 * 24 * 3_600);
  await app.settled();
  expect(await ids("?group=past_due")).toEqual([late.workspaceId]);
  expect(await one(late)).toMatchObject({
    plan: "pro",
    status: "past_due",
    mrrMicros: 29_000_000,
    pastDue: { openCents: 2900 },
  });
  // The one who cancelled has gone with the month.
  expect(await ids("?group=ending")).toEqual([]);
  expect(await ids("?group=paying")).toEqual([late.workspaceId, yearly.workspaceId, pro.workspaceId]);
  expect(await ids("?group=free")).toEqual([leaving.workspaceId, free.workspaceId, boss.workspaceId]);
});

test("what happened to a customer's plan, and their invoices", async () => {
  const path = `/api/v1/admin/customers/${pro.workspaceId}`;
  const { items } = (await boss.get<Page<AuditEntry>>(`${path}/audit`)).body;
  expect(items.map(({ action }) => action)).toEqual([
    "billing.synced",
    "billing.synced",
    "billing.checkout_started",
    "billing.customer_created",
  ]);
  expect(items[1]?.data).toMatchObject({ cause: "event", workspacePlan: { from: "free", to: "pro" } });
  expect(items[2]?.actor).toEqual({ type: "user", id: pro.userId });
  const invoices = (await boss.get<Page<Invoice>>(`${path}/invoices`)).body;
  expect(invoices.items.map(({ status, totalCents }) => [status, totalCents])).toEqual([
    ["paid", 2900],
    ["paid", 2900],
  ]);
});
