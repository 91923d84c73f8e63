import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { openPage, press } from "../../../test/pages.ts";
import { makeCtx } from "../../context.ts";
import { createCheckout } from "./create-checkout.ts";
import { createPortal } from "./create-portal.ts";
import { getSubscription } from "./get-subscription.ts";
import { listInvoices } from "./list-invoices.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

const portal = async (client: Client, flow: string) => {
  const answer = await client.post<{ url: string }>("/api/v1/billing/portal", { flow });
  expect(answer.status).toBe(200);
  return openPage(answer.body.url);
};

test("the whole way on Stripe's pages: pay, cancel at the period's end, undo", async () => {
  const pat = await app.signUp();
  const { body } = await pat.post<{ url: string }>("/api/v1/billing/checkout", { plan: "pro" });
  const paid = await press(await openPage(body.url), "Subscribe", {
    number: "4242 4242 4242 4242",
    expiry: "12/34",
    cvc: "123",
    name: "Pat Tester",
  });
  expect(paid.url).toMatch(new RegExp(`^${app.url}/billing/success\\?session_id=cs_test_`));
  await app.settled();
  const active = await app.subscription(pat);
  expect(active).toMatchObject({ plan: "pro", status: "active", cancelAt: null });

  const done = await press(await portal(pat, "cancel"), "Cancel subscription");
  expect(done.url).toBe(`${app.url}/settings/billing`);
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({
    plan: "pro",
    status: "active",
    cancelAt: active.periodEnd,
    next: { kind: "ends", at: active.periodEnd, amountCents: null },
  });

  // Asked to cancel once more, the portal's first page shows the way back.
  await press(await portal(pat, "cancel"), "Don't cancel");
  await app.settled();
  expect(await app.subscription(pat)).toEqual(active);
});

test("the portal does not offer to switch a plan that also bills AI usage; our own page does", async () => {
  const pat = await app.payer("pro");
  const home = await portal(pat, "home");
  expect(home.html).toContain("Teach Charlie AI usage");
  expect(home.html).not.toContain("Update subscription");
});

test("the card and the first page open too; a plan that ended cannot be cancelled", async () => {
  const pat = await app.payer("pro");
  expect((await portal(pat, "card")).html).toContain("Card number");
  expect((await portal(pat, "home")).status).toBe(200);
  const { rows } = await app.db.operator.query(
    "select stripe_subscription_id as id from subscriptions where workspace_id = $1",
    [pat.workspaceId],
  );
  await app.local.stripe.subscriptions.cancel(rows[0].id);
  await app.settled();
  expect(await pat.post("/api/v1/billing/portal", { flow: "cancel" })).toMatchObject({
    status: 409,
    body: { code: "no_running_plan" },
  });
  expect((await portal(pat, "home")).status).toBe(200);
});

test("a promotion code at checkout shows in what the next renewal costs", async () => {
  const coupon = await app.local.stripe.coupons.create({ percent_off: 50, duration: "forever" });
  await app.local.stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, code: "HALF" });
  const pat = await app.signUp();
  const { body } = await pat.post<{ url: string }>("/api/v1/billing/checkout", { plan: "pro" });
  const priced = await press(await openPage(body.url), "Apply", { code: "HALF" });
  await press(priced, "Subscribe", { number: "4242424242424242", expiry: "12/34", cvc: "123", name: "Pat Tester" });
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", next: { kind: "renews", amountCents: 1450 } });
});

test("members without the admin's role may look, but neither pay nor manage nor see invoices", async () => {
  const pat = await app.payer("pro");
  const services = app.billing();
  const editor = makeCtx({ ...app.ctxOf(pat), role: "editor" });
  expect(await getSubscription(editor, services)).toMatchObject({ plan: "pro", canManage: false });
  const forbidden = { status: 403, code: "forbidden" };
  await expect(createPortal(editor, { flow: "home" }, services)).rejects.toMatchObject(forbidden);
  await expect(createCheckout(editor, { plan: "team", interval: "month" }, services)).rejects.toMatchObject(forbidden);
  await expect(listInvoices(editor, { limit: 10 }, services)).rejects.toMatchObject(forbidden);
});
