import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Client } from "../server/test/client.ts";
import { startPaidApp } from "../server/test/paid-app.ts";
import { spend } from "../server/test/spend.ts";
import { startStripeProxy } from "../server/test/stripe-proxy.ts";
import { hour, noDifference, usageWorld } from "../server/test/usage-world.ts";
import { survive } from "./seeds.ts";

const step = fc.record({
  micros: fc.integer({ min: 1, max: 3_000_000 }),
  /** `held` and `answer held` end in a kill: before Stripe heard of it, and after. */
  fate: fc.constantFrom("passes", "lost", "unanswered", "held", "answer held"),
});

test("killed between commit and Stripe's call, or its answer lost: each micro-dollar is invoiced once", async () => {
  const app = await startPaidApp();
  const world = usageWorld(app);
  const proxy = await startStripeProxy(Number(new URL(app.local.url).port));
  const now = () => new Date(app.local.control.now() * 1_000).toISOString();

  /** A server process reports, and is killed while it waits for Stripe; a report that is known to be there asks nothing. */
  async function reportAndDie({ workspaceId }: Client): Promise<void> {
    const program = join(import.meta.dirname, "../server/test/report-process.ts");
    const waiting = proxy.waiting();
    const child = spawn(process.execPath, [program, app.databaseUrl, String(proxy.port), workspaceId, now()]);
    const exit = once(child, "exit");
    await Promise.race([waiting, exit]);
    child.kill("SIGKILL");
    await exit;
  }

  await survive(app, fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
    const pat = await app.payer("pro");
    let used = 0;
    for (const { micros, fate } of steps) {
      await spend(app, pat, micros);
      used += micros;
      proxy.set(fate);
      if (fate.includes("held")) await reportAndDie(pat);
      // Whether it fails is the matter of the fate; what counts is what stands at the end.
      else await world.report(pat, world.stripeAt(proxy.port)).catch(() => {});
    }
    proxy.set("passes");
    await world.report(pat);
    expect(await world.view(pat)).toMatchObject({ acceptedMicros: used, differences: noDifference, error: null });
    await world.turnToEnd(pat, -2 * hour);
    await world.report(pat);
    expect((await world.usageLines(pat)).map(({ micros }) => micros)).toEqual([used]);
    expect(await world.view(pat)).toMatchObject({ invoicedMicros: used, differences: noDifference });
  });
  await proxy.close();
  await app.close();
});
