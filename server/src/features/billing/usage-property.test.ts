import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { differences } from "../../../test/chat.ts";
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
afterAll(async () => {
  await proxy.close();
  await app.close();
});

type Step =
  | { kind: "answer"; micros: number }
  | { kind: "report"; times: number }
  | { kind: "lost" | "unanswered" }
  | { kind: "clock"; hours: number }
  | { kind: "switch"; plan: "pro" | "team"; interval: "month" | "year" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("answer" as const), micros: fc.integer({ min: 0, max: 3_000_000 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("report" as const), times: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("lost" as const, "unanswered" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("clock" as const), hours: fc.integer({ min: 1, max: 40 * 24 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("switch" as const),
      plan: fc.constantFrom("pro" as const, "team" as const),
      interval: fc.constantFrom("month" as const, "year" as const),
    }),
  },
);

async function take(client: Client, now: Step): Promise<void> {
  if (now.kind === "answer") return spend(app, client, now.micros);
  if (now.kind === "report") {
    await Promise.all(Array.from({ length: now.times }, () => world.report(client)));
    return;
  }
  if (now.kind === "clock") {
    app.local.control.turnClock(now.hours * hour);
    return app.settled();
  }
  if (now.kind === "switch") {
    expect([200, 409]).toContain(await app.switchTo(client, now.plan, now.interval));
    return app.settled();
  }
  proxy.set(now.kind);
  // With nothing new to tell there is nothing to lose.
  await world.report(client, world.stripeAt(proxy.port)).catch(() => undefined);
  proxy.set("passes");
}

test("whatever is lost, doubled or late: in the end every step agrees, and what was recorded was invoiced, once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      const pat = await app.payer("pro");
      await spend(app, pat, 1);
      for (const each of steps) {
        await take(pat, each);
        expect(await differences(app)).toEqual([]);
      }
      await world.report(pat);
      expect((await world.view(pat)).differences).toEqual(noDifference);
      // The period that runs closes; what came too late for its predecessor's invoice is on it.
      await world.turnToEnd(pat, -2 * day);
      await world.report(pat);
      const { recordedMicros, invoicedMicros, differences: left } = await world.view(pat);
      expect(left).toEqual(noDifference);
      expect(invoicedMicros).toBe(recordedMicros);
      const lines = await world.usageLines(pat);
      expect(lines.reduce((sum, { micros }) => sum + (micros ?? 0), 0)).toBe(recordedMicros);
      for (const { micros, cents } of lines) expect(cents).toBe(Math.round((micros ?? 0) / 10_000));
      expect(await differences(app)).toEqual([]);
      // Nothing of it renews while the next one turns the clock.
      await app.local.stripe.subscriptions.cancel((await world.subscriptionOf(pat)).id);
      await app.settled();
    }),
    { numRuns: 6, endOnFailure: true },
  );
}, 240_000);
