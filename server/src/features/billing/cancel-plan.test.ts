import type { Problem, Subscription } from "@charlie/contract";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { spend } from "../../../test/spend.ts";
import { startStripeProxy, type StripeProxy } from "../../../test/stripe-proxy.ts";
import { day, noDifference, usageWorld } from "../../../test/usage-world.ts";
import { cancelPlan } from "./cancel-plan.ts";
import { syncSubscription } from "./sync-subscription.ts";

let app: PaidApp;
let proxy: StripeProxy;
let world: ReturnType<typeof usageWorld>;
beforeAll(async () => {
  app = await startPaidApp();
  world = usageWorld(app);
  proxy = await startStripeProxy(Number(new URL(app.local.url).port));
});
afterEach(() => proxy.set("passes"));
afterAll(async () => {
  await proxy.close();
  await app.close();
});

const pastDue = async (micros = 0): Promise<Client> => {
  const pat = await app.payer("pro");
  if (micros > 0) {
    await spend(app, pat, micros);
    await world.report(pat);
  }
  app.local.control.failPayments({ customer: await world.customerOf(pat), times: 100 });
  app.local.control.turnClock(32 * day);
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ status: "past_due" });
  return pat;
};

const invoices = async (client: Client): Promise<(string | null)[]> =>
  (await app.local.stripe.invoices.list({ customer: await world.customerOf(client) })).data
    .toReversed()
    .map(({ status }) => status);

test.each([
  ["voiding", "/v1/invoices/", "lost"],
  ["voiding", "/v1/invoices/", "unanswered"],
  ["ending", "/v1/subscriptions/", "lost"],
] as const)(
  "%s fails (%s, %s): nobody says that nothing changed, and the same again ends it all",
  async (_, path, fate) => {
    const pat = await pastDue();
    const services = app.billing(world.stripeAt(proxy.port));
    proxy.set(fate, path, path === "/v1/invoices/" ? "POST" : "DELETE");
    await expect(cancelPlan(app.ctxOf(pat), services)).rejects.toMatchObject({ code: "outcome_unknown" });
    proxy.set("passes");
    expect(await cancelPlan(app.ctxOf(pat), services)).toMatchObject({
      plan: "free",
      status: "canceled",
      pastDue: null,
    });
    expect(await invoices(pat)).toEqual(["paid", "void"]);
  },
);

test("it ended and the answer was lost: it is told as what it is", async () => {
  const pat = await pastDue();
  const services = app.billing(world.stripeAt(proxy.port));
  proxy.set("unanswered", "/v1/subscriptions/", "DELETE");
  expect(await cancelPlan(app.ctxOf(pat), services)).toMatchObject({ plan: "free", status: "canceled" });
});

test("paid while it is being ended: what was paid stays, and it ends", async () => {
  const pat = await pastDue();
  const { stripe } = world.stripeAt(proxy.port);
  const services = app.billing({ stripe });
  proxy.set("held", "/v1/invoices/", "POST");
  const waiting = proxy.waiting();
  const ended = cancelPlan(app.ctxOf(pat), services);
  await waiting;
  app.local.control.failPayments({ customer: await world.customerOf(pat), times: 0 });
  const { data } = await app.local.stripe.invoices.list({ customer: await world.customerOf(pat), status: "open" });
  await app.local.stripe.invoices.pay(data[0]?.id ?? "");
  // The held request is given up after its time, and tried again.
  proxy.set("passes");
  expect(await ended).toMatchObject({ plan: "free", status: "canceled" });
  expect(await invoices(pat)).toEqual(["paid", "paid"]);
}, 60_000);

test("AI on an invoice that becomes void is not counted as charged: a last invoice asks for it", async () => {
  const pat = await pastDue(3_000_000);
  await world.report(pat);
  expect(await world.view(pat)).toMatchObject({ invoicedMicros: 3_000_000 });
  const { body } = await pat.post<Subscription>("/api/v1/billing/cancel", { when: "now" });
  expect(body).toMatchObject({ plan: "free", status: "canceled" });
  await app.settled();
  expect((await world.usageLines(pat)).map(({ micros, status }) => [micros, status])).toEqual([
    [3_000_000, "void"],
    [3_000_000, "open"],
  ]);
  app.local.control.turnClock(2 * day);
  await app.settled();
  await world.report(pat);
  expect(await world.view(pat)).toMatchObject({ invoicedMicros: 3_000_000, differences: noDifference });
});

test("a void invoice settles nothing", async () => {
  const pat = await pastDue(3_000_000);
  const { data } = await app.local.stripe.invoices.list({ customer: await world.customerOf(pat), status: "open" });
  await app.local.stripe.invoices.voidInvoice(data[0]?.id ?? "");
  await world.report(pat);
  expect(await world.view(pat)).toMatchObject({ invoicedMicros: 0 });
});

test("unpaid: what is open is shown, has to be paid before a switch, and can be cancelled", async () => {
  const pat = await pastDue();
  proxy.set("told unpaid", "/v1/");
  const services = app.billing(world.stripeAt(proxy.port));
  await syncSubscription(services, pat.workspaceId, "page");
  expect(await app.subscription(pat)).toMatchObject({
    plan: "free",
    status: "unpaid",
    subscribedTo: "pro",
    pastDue: { amountCents: 2_900, invoiceUrl: expect.stringContaining("http") },
    next: { kind: "payment_due", amountCents: 2_900 },
  });
  expect(await pat.post<Problem>("/api/v1/billing/preview", { plan: "team" })).toMatchObject({
    status: 409,
    body: { code: "payment_due" },
  });
  expect(await cancelPlan(app.ctxOf(pat), services)).toMatchObject({ plan: "free", status: "canceled", pastDue: null });
  expect(await invoices(pat)).toEqual(["paid", "void"]);
});
