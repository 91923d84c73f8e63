import type { Invoice, Problem, Subscription, SwitchPreview } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { openPage } from "../../../test/pages.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { makeCtx } from "../../context.ts";
import { cancelPlan } from "./cancel-plan.ts";
import { createCheckout } from "./create-checkout.ts";
import { previewSwitch } from "./preview-switch.ts";
import { switchPlan } from "./switch-plan.ts";

const day = 24 * 3_600;

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

const preview = async (client: Client, body: object): Promise<SwitchPreview> => {
  const answer = await client.post<SwitchPreview>("/api/v1/billing/preview", body);
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([200, expect.anything()]);
  return answer.body;
};

/** Agrees to a switch, by the preview that was shown. */
async function agree(client: Client, shown: SwitchPreview): Promise<void> {
  const answer = await client.post("/api/v1/billing/switch", shown);
  expect(answer).toMatchObject({ status: 200, body: { url: `${app.url}/settings/billing` } });
  await app.settled();
}

const newest = async (client: Client): Promise<Invoice | undefined> =>
  (await client.get<{ items: Invoice[] }>("/api/v1/billing/invoices")).body.items[0];

const agreed = { fromPrice: "price_1", totalCents: 1, creditCents: 0, prorationDate: "2026-11-22T12:00:00.000Z" };

const sumOf = ({ lines }: SwitchPreview): number => lines.reduce((sum, { amountCents }) => sum + amountCents, 0);

const customerOf = async (client: Client): Promise<string> =>
  (await app.db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [client.workspaceId]))
    .rows[0].id;

test("paid by the year: ten months' price, a year's period", async () => {
  const pat = await app.payer("team", "year");
  const now = await app.subscription(pat);
  expect(now).toMatchObject({ plan: "team", interval: "year", next: { kind: "renews", amountCents: 79_000 } });
  const days = (Date.parse(now.periodEnd ?? "") - Date.parse(now.periodStart ?? "")) / 1_000 / day;
  expect([365, 366]).toContain(days);
  expect((await newest(pat))?.totalCents).toBe(79_000);
});

test("what the preview shows is what is charged: Pro to Team in the middle of a month", async () => {
  const pat = await app.payer("pro");
  app.local.control.turnClock(10 * day);
  await app.settled();
  const before = await app.subscription(pat);
  const shown = await preview(pat, { plan: "team" });
  expect(shown).toMatchObject({
    plan: "team",
    interval: "month",
    creditCents: 0,
    nextCents: 7900,
    nextAt: before.periodEnd,
  });
  expect(shown.lines.map(({ amountCents, proration }) => [Math.sign(amountCents), proration])).toEqual([
    [-1, true],
    [1, true],
  ]);
  expect(sumOf(shown)).toBe(shown.totalCents);
  expect(shown.totalCents).toBeGreaterThan(3000);
  expect(await app.subscription(pat)).toEqual(before);
  await agree(pat, shown);
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", periodEnd: before.periodEnd });
  expect((await newest(pat))?.totalCents).toBe(shown.totalCents);
});

test("to the year: the new year starts now, and the unused month is taken off", async () => {
  const pat = await app.payer("pro");
  app.local.control.turnClock(3 * day);
  await app.settled();
  const shown = await preview(pat, { plan: "pro", interval: "year" });
  expect(shown).toMatchObject({ nextCents: 29_000, creditCents: 0 });
  expect(sumOf(shown)).toBe(shown.totalCents);
  expect(29_000 - shown.totalCents).toBeGreaterThan(2000);
  const ahead = (Date.parse(shown.nextAt) - Date.parse(shown.prorationDate)) / 1_000 / day;
  expect([365, 366]).toContain(ahead);
  await agree(pat, shown);
  expect(await app.subscription(pat)).toMatchObject({
    plan: "pro",
    interval: "year",
    next: { kind: "renews", amountCents: 29_000 },
  });
  expect((await newest(pat))?.totalCents).toBe(shown.totalCents);
});

test("to a smaller plan: nothing is due, and what was paid too much stays as credit and lowers the next invoices", async () => {
  const pat = await app.payer("team");
  const shown = await preview(pat, { plan: "pro" });
  expect(shown).toMatchObject({ totalCents: 0, nextCents: 2900 });
  expect(shown.creditCents).toBeGreaterThan(4900);
  expect(sumOf(shown)).toBe(-shown.creditCents);
  await agree(pat, shown);
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro" });
  // Back up again: the credit from before pays it.
  const back = await preview(pat, { plan: "team" });
  expect(back.totalCents).toBeLessThanOrEqual(1);
  expect(back.lines.map(({ description }) => description)).toContain("Credit from before");
  expect(sumOf(back)).toBe(back.totalCents - back.creditCents);
});

test("a discount shows in the amounts", async () => {
  const pat = await app.payer("pro");
  const coupon = await app.local.stripe.coupons.create({ percent_off: 50, duration: "forever" });
  const { data } = await app.local.stripe.subscriptions.list({ customer: await customerOf(pat) });
  await app.local.stripe.subscriptions.update(data[0]?.id ?? "", { discounts: [{ coupon: coupon.id }] });
  const shown = await preview(pat, { plan: "team" });
  expect(shown).toMatchObject({ nextCents: 3950 });
  expect(sumOf(shown)).toBe(shown.totalCents - shown.creditCents);
});

test("a card that does not pay changes nothing, and amounts older than an hour have to be looked at again", async () => {
  const pat = await app.payer("pro");
  app.local.control.turnClock(2 * day);
  await app.settled();
  const shown = await preview(pat, { plan: "team" });
  const before = await app.subscription(pat);
  app.local.control.failPayments({ customer: await customerOf(pat), times: 1 });
  const body = shown;
  expect(await pat.post("/api/v1/billing/switch", body)).toMatchObject({
    status: 402,
    body: { code: "payment_failed", title: "The payment did not go through" },
  });
  await app.settled();
  expect(await app.subscription(pat)).toEqual(before);
  app.local.control.failPayments({ customer: await customerOf(pat), times: 0 });
  app.local.control.turnClock(3_600);
  const outdated = { status: 409, body: { code: "amounts_outdated" } };
  expect(await pat.post("/api/v1/billing/switch", body)).toMatchObject(outdated);
  const ahead = new Date(Date.parse(shown.prorationDate) + day * 1_000).toISOString();
  expect(await pat.post("/api/v1/billing/switch", { ...body, prorationDate: ahead })).toMatchObject(outdated);
  await agree(pat, await preview(pat, { plan: "team" }));
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", status: "active" });
});

test("what cannot be switched says why", async () => {
  const refused = async (client: Client, body: object) => {
    const answers = await Promise.all(
      ["preview", "switch"].map((verb) => client.post<Problem>(`/api/v1/billing/${verb}`, { ...agreed, ...body })),
    );
    expect(answers.map(({ status }) => status)).toEqual([409, 409]);
    return [...new Set(answers.map(({ body: { code } }) => code))];
  };
  const pat = await app.signUp();
  expect(await refused(pat, { plan: "pro" })).toEqual(["never_paid"]);
  app.local.control.payCheckout(await app.checkout(pat));
  await app.settled();
  expect(await refused(pat, { plan: "pro" })).toEqual(["same_plan"]);
  const customer = await customerOf(pat);
  const { data } = await app.local.stripe.subscriptions.list({ customer });
  const id = data[0]?.id ?? "";
  await app.local.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  expect(await refused(pat, { plan: "team" })).toEqual(["plan_ends"]);
  await app.local.stripe.subscriptions.update(id, { cancel_at_period_end: false });
  app.local.control.failPayments({ customer, times: 100 });
  app.local.control.turnClock(32 * day);
  await app.settled();
  expect(await refused(pat, { plan: "team" })).toEqual(["payment_due"]);
  // Ended in Stripe a moment ago, and no event came yet.
  app.local.control.deliveries.setMode({ hold: true });
  await app.local.stripe.subscriptions.cancel(id);
  expect(await refused(pat, { plan: "team" })).toEqual(["no_running_plan"]);
  app.local.control.deliveries.setMode({ hold: false });
  app.local.control.deliveries.release();
  await app.settled();
});

test("without a yearly price the plan is sold by the month", async () => {
  const pat = await app.signUp();
  const { prices, ...rest } = await app.local.catalogue();
  const monthly = { ...rest, prices: { ...prices, pro: { month: prices.pro.month, year: null } } };
  const services = app.billing({ catalogue: () => Promise.resolve(monthly) });
  const choice = { plan: "pro", interval: "year" } as const;
  await expect(createCheckout(app.ctxOf(pat), choice, services)).rejects.toMatchObject({ code: "no_yearly_price" });
});

test("cancelled at once: the plan is over, nothing is owed, and it is on record who did it", async () => {
  const pat = await app.payer("pro");
  const { body, status } = await pat.post<Subscription>("/api/v1/billing/cancel", { when: "now" });
  expect(status).toBe(200);
  expect(body).toMatchObject({ plan: "free", status: "canceled", next: null, pastDue: null });
  const { rows } = await app.db.operator.query(
    "select actor_id, data from audit_log where workspace_id = $1 and action = 'billing.cancelled_now'",
    [pat.workspaceId],
  );
  expect(rows).toMatchObject([{ actor_id: pat.userId, data: { plan: "pro", voided: [] } }]);
  expect(await pat.post("/api/v1/billing/cancel", { when: "now" })).toMatchObject({
    status: 409,
    body: { code: "no_running_plan" },
  });
  await app.settled();
  expect((await app.subscription(pat)).plan).toBe("free");
});

test("cancelled at once while a payment is open: that payment is not asked for any more", async () => {
  const pat = await app.payer("pro");
  app.local.control.failPayments({ customer: await customerOf(pat), times: 100 });
  app.local.control.turnClock(32 * day);
  await app.settled();
  const late = await app.subscription(pat);
  expect(late).toMatchObject({ status: "past_due", pastDue: { amountCents: 2900 } });
  expect(late.next?.at).toBe(late.pastDue?.endsAt);
  expect((await openPage(late.pastDue?.invoiceUrl ?? "")).html).toContain("29.00");
  const { body } = await pat.post<Subscription>("/api/v1/billing/cancel", { when: "now" });
  expect(body).toMatchObject({ plan: "free", status: "canceled", pastDue: null });
  expect((await newest(pat))?.status).toBe("void");
});

test("only who may pay may switch or cancel", async () => {
  const pat = await app.payer("pro");
  const editor = makeCtx({ ...app.ctxOf(pat), role: "editor" });
  const choice = { plan: "team", interval: "month" } as const;
  const forbidden = { status: 403, code: "forbidden" };
  await expect(previewSwitch(editor, choice, app.billing())).rejects.toMatchObject(forbidden);
  await expect(switchPlan(editor, { ...choice, ...agreed }, app.billing())).rejects.toMatchObject(forbidden);
  await expect(cancelPlan(editor, app.billing())).rejects.toMatchObject(forbidden);
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
});

test("with Stripe Tax switched on, checkout asks Stripe to compute it and keeps the address it is computed for", async () => {
  const pat = await app.signUp();
  const { url } = await createCheckout(app.ctxOf(pat), { plan: "pro", interval: "month" }, app.billing({ tax: true }));
  const session = await app.local.stripe.checkout.sessions.retrieve(/cs_test_\w+/.exec(url)?.[0] ?? "");
  expect(session.automatic_tax.enabled).toBe(true);
});
