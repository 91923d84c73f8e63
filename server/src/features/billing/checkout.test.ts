import type { Problem } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../db/client.ts";
import { createCheckout } from "./create-checkout.ts";
import { syncSubscription, type BillingServices } from "./index.ts";
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

test("two clicks at once lead to one payment page of one customer", async () => {
  const pat = await app.signUp();
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      pat.post<{ url: string }>(
        "/api/v1/billing/checkout",
        { plan: "pro" },
        index % 2 ? { "idempotency-key": `k${index}` } : {},
      ),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(new Set(answers.map(({ body }) => body.url)).size).toBe(1);
  const customer = await customerOf(pat.workspaceId);
  const found = await app.local.stripe.customers.list({ email: pat.email });
  expect(found.data.map(({ id }) => id)).toEqual([customer]);
  const sessions = await app.local.stripe.checkout.sessions.list({ customer });
  expect(sessions.data).toHaveLength(1);
  expect(sessions.data[0]).toMatchObject({
    client_reference_id: pat.workspaceId,
    allow_promotion_codes: true,
    success_url: `${app.url}/billing/success?session_id={CHECKOUT_SESSION_ID}`,
    cancel_url: `${app.url}/pricing`,
  });
});

test("on two servers at once: one customer, one payment page, and one change on record", async () => {
  const pat = await app.signUp();
  const second = openDatabase(app.databaseUrl);
  const servers = [app.db, second].map((db) => app.billing({ db }));
  app.local.control.deliveries.setMode({ hold: true });
  try {
    const everywhere = <T>(work: (services: BillingServices) => Promise<T>) =>
      Promise.all([...servers, ...servers, ...servers, ...servers].map(work));
    const pages = await everywhere((services) =>
      createCheckout(app.ctxOf(pat), { plan: "pro", interval: "month" }, services),
    );
    expect(new Set(pages.map(({ url }) => url)).size).toBe(1);
    expect((await app.local.stripe.customers.list({ email: pat.email })).data).toHaveLength(1);
    app.local.control.payCheckout(sessionIdOf(pages[0]?.url ?? ""));
    const changed = await everywhere((services) => syncSubscription(services, pat.workspaceId, "page"));
    expect(changed.filter(Boolean)).toHaveLength(1);
    expect(await auditOf(pat.workspaceId, "billing.synced")).toHaveLength(1);
  } finally {
    app.local.control.deliveries.setMode({ hold: false });
    app.local.control.deliveries.release();
    await app.settled();
    await second.close();
  }
});

test("another plan closes the payment page of the first, so that only one can be paid", async () => {
  const pat = await app.signUp();
  const first = await app.checkout(pat, "pro");
  const second = await app.checkout(pat, "team");
  expect(second).not.toBe(first);
  expect((await app.local.stripe.checkout.sessions.retrieve(first)).status).toBe("expired");
});

test("who pays already is sent to the portal instead of paying twice", async () => {
  const pat = await app.payer();
  const answer = await pat.post<Problem>("/api/v1/billing/checkout", { plan: "team" });
  expect(answer).toMatchObject({ status: 409, body: { code: "already_subscribed" } });
});

test("who paid a moment ago, and no webhook came yet, is not asked to pay again", async () => {
  app.local.control.deliveries.setMode({ hold: true });
  const pat = await app.signUp();
  app.local.control.payCheckout(await app.checkout(pat));
  expect(await pat.post("/api/v1/billing/checkout", { plan: "pro" })).toMatchObject({ status: 409 });
  app.local.control.deliveries.setMode({ hold: false });
  app.local.control.deliveries.release();
  await app.settled();
});

test("the address has to be confirmed before the first payment", async () => {
  const pat = await app.signUp({ confirmed: false });
  const answer = await pat.post<Problem>("/api/v1/billing/checkout", { plan: "pro" });
  expect(answer).toMatchObject({ status: 403, body: { code: "email_not_confirmed" } });
  expect(await customerOf(pat.workspaceId)).toBe("");
  await app.db.operator.query("update users set email_verified = true where email = $1", [pat.email]);
  expect((await pat.post("/api/v1/billing/checkout", { plan: "pro" })).status).toBe(200);
});
