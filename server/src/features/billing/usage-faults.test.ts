import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { spend } from "../../../test/spend.ts";
import { startStripeProxy, type StripeProxy } from "../../../test/stripe-proxy.ts";
import { day, hour, noDifference, usageWorld } from "../../../test/usage-world.ts";

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

interface Kept {
  micros: number;
  attempts: number;
  accepted: boolean;
  error: string | null;
}

/** A workspace's reports in the order in which they were decided on. */
const reportsOf = async ({ workspaceId }: Client): Promise<Kept[]> =>
  (
    await app.db.operator.query<Kept>(
      `select micros, attempts, accepted_at is not null as accepted, error from usage_reports
      where workspace_id = $1 order by reported_for`,
      [workspaceId],
    )
  ).rows;

/** What comes of it: after one report every step agrees, and the invoice has it all, once. */
async function expectWhole(client: Client, micros: number): Promise<void> {
  await world.report(client);
  expect(await world.view(client)).toMatchObject({ acceptedMicros: micros, differences: noDifference, error: null });
  await world.turnToEnd(client, -2 * hour);
  await world.report(client);
  expect((await world.usageLines(client)).map((line) => line.micros)).toEqual([micros]);
  expect(await world.view(client)).toMatchObject({ invoicedMicros: micros, differences: noDifference });
}

test.each(["held", "answer held"] as const)(
  "killed between commit and answer (%s): the total arrives once",
  async (fate) => {
    const pat = await app.payer("pro");
    await spend(app, pat, 900_000);
    proxy.set(fate);
    const waiting = proxy.waiting();
    const ahead = String(app.local.control.now() * 1_000 - Date.now());
    const program = join(import.meta.dirname, "../../../test/report-process.ts");
    const child = spawn(process.execPath, [program, app.databaseUrl, String(proxy.port), pat.workspaceId, ahead], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const exit = once(child, "exit");
    await waiting;
    child.kill("SIGKILL");
    await exit;
    expect(await reportsOf(pat)).toEqual([{ micros: 900_000, attempts: 1, accepted: false, error: null }]);
    proxy.set("passes");
    // More was used before anybody looked again: what was decided is told first, then the new total.
    await spend(app, pat, 1);
    await world.report(pat);
    expect((await reportsOf(pat)).map(({ micros, accepted }) => [micros, accepted])).toEqual([
      [900_000, true],
      [900_001, true],
    ]);
    await expectWhole(pat, 900_001);
  },
);

test("accepted, but the answer was lost: the same report is sent again, and that Stripe knows it is as good", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 450_000);
  proxy.set("unanswered");
  await expect(world.report(pat, world.stripeAt(proxy.port))).rejects.toThrow();
  const [kept] = await reportsOf(pat);
  expect(kept).toMatchObject({ micros: 450_000, attempts: 1, accepted: false });
  expect(kept?.error).toMatch(/connection/i);
  expect((await world.view(pat)).error).toMatch(/connection/i);
  await world.report(pat);
  expect(await reportsOf(pat)).toEqual([{ micros: 450_000, attempts: 2, accepted: true, error: null }]);
  await expectWhole(pat, 450_000);
});

test("while Stripe cannot be reached the report stays, and every later try is the same report", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 10_000);
  proxy.set("lost");
  for (let round = 0; round < 3; round += 1)
    await expect(world.report(pat, world.stripeAt(proxy.port))).rejects.toThrow();
  expect(await reportsOf(pat)).toMatchObject([{ micros: 10_000, attempts: 3, accepted: false }]);
  await expectWhole(pat, 10_000);
});

test("two servers at once, and each twice: one report", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 77_000);
  await Promise.all(Array.from({ length: 4 }, () => world.report(pat)));
  expect(await reportsOf(pat)).toEqual([{ micros: 77_000, attempts: 1, accepted: true, error: null }]);
  await expectWhole(pat, 77_000);
});

test("an older total that arrives after a newer one does not lower it", async () => {
  const pat = await app.payer("pro");
  await spend(app, pat, 100);
  proxy.set("lost");
  await expect(world.report(pat, world.stripeAt(proxy.port))).rejects.toThrow();
  const { rows } = await app.db.operator.query<{ identifier: string; at: Date }>(
    "select identifier, reported_for as at from usage_reports where workspace_id = $1",
    [pat.workspaceId],
  );
  await world.report(pat);
  await spend(app, pat, 900);
  await world.report(pat);
  // The first one, which went astray on the way, turns up now under another name.
  await app.local.stripe.billing.meterEvents.create({
    event_name: "charlie_ai_cost_micros",
    identifier: `${rows[0]?.identifier}:late`,
    timestamp: (rows[0]?.at.getTime() ?? 0) / 1_000,
    payload: { stripe_customer_id: await world.customerOf(pat), value: "100" },
  });
  await expectWhole(pat, 1_000);
});

test("a report that waited longer than Stripe takes events of is told again with a time of today", async () => {
  const pat = await app.payer("pro", "year");
  await spend(app, pat, 6_000);
  proxy.set("lost");
  await expect(world.report(pat, world.stripeAt(proxy.port))).rejects.toThrow();
  app.local.control.turnClock(40 * day);
  await app.settled();
  await world.report(pat);
  expect((await reportsOf(pat)).map(({ micros, accepted }) => [micros, accepted])).toEqual([
    [6_000, false],
    [6_000, true],
  ]);
  await expectWhole(pat, 6_000);
});

test("an account without the meter keeps what was used, says so, and tells it when the meter is there", async () => {
  const pat = await app.payer("pro");
  const { usage } = await app.local.catalogue();
  await spend(app, pat, 8_000);
  await app.local.stripe.billing.meters.deactivate(usage?.meter ?? "");
  await expect(world.report(pat)).rejects.toThrow(/No active meter/);
  expect((await world.view(pat)).error).toMatch(/No active meter/);
  await app.local.stripe.billing.meters.reactivate(usage?.meter ?? "");
  await expectWhole(pat, 8_000);
});
