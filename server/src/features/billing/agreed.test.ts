import type { Problem, SwitchPreview } from "@charlie/contract";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { spend } from "../../../test/spend.ts";
import { startStripeProxy, type StripeProxy } from "../../../test/stripe-proxy.ts";
import { day, usageWorld } from "../../../test/usage-world.ts";
import { previewSwitch } from "./preview-switch.ts";
import { switchPlan } from "./switch-plan.ts";

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

const look = async (client: Client, plan: "pro" | "team", interval = "month"): Promise<SwitchPreview> =>
  (await client.post<SwitchPreview>("/api/v1/billing/preview", { plan, interval })).body;

const agree = async (client: Client, shown: SwitchPreview) => {
  const answer = await client.post<Problem>("/api/v1/billing/switch", shown);
  await app.settled();
  return answer;
};

const outdated = { status: 409, body: { code: "amounts_outdated" } };

const paidCents = async (client: Client): Promise<number[]> =>
  (await app.local.stripe.invoices.list({ customer: await world.customerOf(client), limit: 100 })).data
    .toReversed()
    .map(({ amount_due }) => amount_due);

const recorded = async ({ workspaceId }: Client): Promise<string[]> =>
  (
    await app.db.operator.query<{ action: string }>(
      "select action from audit_log where workspace_id = $1 and action like 'billing.switch%'",
      [workspaceId],
    )
  ).rows.map(({ action }) => action);

test("AI that nobody told Stripe of yet is in the amount that is agreed to", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 8_000_000);
  const shown = await look(pat, "pro", "year");
  expect(shown.totalCents).toBeGreaterThan(26_500);
  expect(await agree(pat, shown)).toMatchObject({ status: 200 });
  expect((await paidCents(pat)).at(-1)).toBe(shown.totalCents);
});

test("AI that was used after looking is not charged unseen: the new amount is shown first", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 20_000);
  const shown = await look(pat, "pro", "year");
  await spend(app, pat, 8_000_000);
  const before = await paidCents(pat);
  expect(await agree(pat, shown)).toMatchObject(outdated);
  expect(await paidCents(pat)).toEqual(before);
  const anew = await look(pat, "pro", "year");
  expect(anew.totalCents).toBe(shown.totalCents + 800);
  expect(await agree(pat, anew)).toMatchObject({ status: 200 });
  expect((await paidCents(pat)).at(-1)).toBe(anew.totalCents);
});

test("three windows: only the first agreement holds, the others were made for another plan", async () => {
  const pat = await app.payer("pro");
  app.local.control.turnClock(10 * day);
  await app.settled();
  const shown = [await look(pat, "team", "year"), await look(pat, "team"), await look(pat, "pro", "year")];
  expect(await agree(pat, shown[0]!)).toMatchObject({ status: 200 });
  const before = await paidCents(pat);
  expect(before.at(-1)).toBe(shown[0]!.totalCents);
  expect(await agree(pat, shown[1]!)).toMatchObject(outdated);
  expect(await agree(pat, shown[2]!)).toMatchObject(outdated);
  expect(await paidCents(pat)).toEqual(before);
});

test("an hour is not charged for twice: amounts from before a switch there and back do not hold", async () => {
  const pat = await app.payer("pro");
  app.local.control.turnClock(10 * day);
  await app.settled();
  const old = await look(pat, "team");
  app.local.control.turnClock(600);
  expect(await app.switchTo(pat, "team")).toBe(200);
  app.local.control.turnClock(600);
  expect(await app.switchTo(pat, "pro")).toBe(200);
  await app.settled();
  const before = await paidCents(pat);
  expect(await agree(pat, old)).toMatchObject(outdated);
  expect(await paidCents(pat)).toEqual(before);
});

test("amounts are counted from within the period, not from before it", async () => {
  const pat = await app.payer("pro");
  const shown = await look(pat, "team");
  const start = Date.parse((await app.subscription(pat)).periodStart ?? "");
  const early = { ...shown, totalCents: 1_000_000, prorationDate: new Date(start - 60_000).toISOString() };
  expect(await agree(pat, early)).toMatchObject(outdated);
  expect(await paidCents(pat)).toHaveLength(1);
});

const discounted = async (coupon: {
  percent_off: number;
  duration: "once" | "repeating";
  duration_in_months?: number;
}) => {
  const pat = await app.payer("pro");
  const { id } = await app.local.stripe.coupons.create(coupon);
  await app.local.stripe.subscriptions.update((await world.subscriptionOf(pat)).id, { discounts: [{ coupon: id }] });
  return pat;
};

test("the renewal shows the price that will hold then: a discount of three months is over in a year", async () => {
  const pat = await discounted({ percent_off: 50, duration: "repeating", duration_in_months: 3 });
  expect(await look(pat, "team")).toMatchObject({ nextCents: 3_950 });
  const shown = await look(pat, "pro", "year");
  expect(shown).toMatchObject({ nextCents: 29_000 });
  expect(await agree(pat, shown)).toMatchObject({ status: 200 });
  expect((await app.subscription(pat)).next).toMatchObject({ amountCents: 29_000, at: shown.nextAt });
  await world.turnToEnd(pat, -2 * 3_600);
  expect((await paidCents(pat)).at(-1)).toBe(29_000);
});

test("a discount for one invoice is gone with the switch", async () => {
  const pat = await discounted({ percent_off: 50, duration: "once" });
  expect(await look(pat, "team", "year")).toMatchObject({ nextCents: 79_000 });
});

test("with our clock behind Stripe's, the first renewal is still a year away", async () => {
  const pat = await app.payer("pro");
  app.local.control.turnClock(3 * day);
  await app.settled();
  const slow = app.billing({ now: () => new Date(app.local.control.now() * 1_000 - 2_000) });
  const { nextAt, prorationDate } = await previewSwitch(app.ctxOf(pat), { plan: "pro", interval: "year" }, slow);
  expect((Date.parse(nextAt) - Date.parse(prorationDate)) / 1_000 / day).toBeGreaterThan(364);
});

test.each(["unanswered", "lost"] as const)("the switch is %s: what is said of it is true", async (fate) => {
  const pat = await app.payer("pro");
  const shown = await look(pat, "team");
  const services = app.billing(world.stripeAt(proxy.port));
  // Only the write has this path with a body; what is read of it is lost as well.
  proxy.set(fate, "/v1/subscriptions/", "POST");
  const answer = switchPlan(app.ctxOf(pat), shown, services);
  if (fate === "unanswered") {
    await expect(answer).resolves.toHaveProperty("url");
    expect(await recorded(pat)).toEqual(["billing.switched"]);
    expect((await paidCents(pat)).at(-1)).toBe(shown.totalCents);
  } else {
    await expect(answer).rejects.toMatchObject({ code: "outcome_unknown" });
    expect(await recorded(pat)).toEqual(["billing.switch_unanswered"]);
    expect(await paidCents(pat)).toHaveLength(1);
  }
  await app.settled();
  expect((await app.subscription(pat)).plan).toBe(fate === "unanswered" ? "team" : "pro");
});

test("the switch went through and Stripe is gone: nobody says that nothing was charged", async () => {
  const pat = await app.payer("pro");
  const shown = await look(pat, "team");
  const services = app.billing(world.stripeAt(proxy.port));
  proxy.set("unanswered", "/v1/subscriptions/", "POST", true);
  await expect(switchPlan(app.ctxOf(pat), shown, services)).rejects.toMatchObject({
    code: "outcome_unknown",
    message: expect.stringContaining("do not know yet"),
  });
  expect(await recorded(pat)).toEqual(["billing.switch_unanswered"]);
  await app.settled();
  // The event brings it over.
  expect((await app.subscription(pat)).plan).toBe("team");
  expect((await paidCents(pat)).at(-1)).toBe(shown.totalCents);
});
