import * as fc from "fast-check";
import { expect } from "vitest";
import type { Client } from "../../server/test/client.ts";
import type { Paying } from "../../server/test/paid-app.ts";
import { spend } from "../../server/test/spend.ts";
import type { StripeProxy } from "../../server/test/stripe-proxy.ts";
import { hour, noDifference, usageWorld } from "../../server/test/usage-world.ts";
import { survive } from "../seeds.ts";

const step = fc.record({
  micros: fc.integer({ min: 1, max: 3_000_000 }),
  /** `held` and `answer held` end in a kill: before Stripe heard of it, and after. */
  fate: fc.constantFrom("passes", "lost", "unanswered", "held", "answer held"),
});

/** A service whose way to Stripe is `proxy`. */
export interface Reporting extends Paying {
  seeds: number;
  proxy: StripeProxy;
  /** The service tells Stripe what a workspace used. Whether that fails is not said. */
  report(client: Client): Promise<void>;
  /** A process of it begins to report, and is killed as soon as it `waits` for Stripe, or is done. */
  reportAndDie(client: Client, waits: Promise<void>): Promise<void>;
}

/** Faults 2 and 3: killed between commit and Stripe's call, or its answer lost: each micro-dollar is invoiced once. */
export async function stripeLost(service: Reporting): Promise<void> {
  const { proxy } = service;
  const world = usageWorld(service);
  await survive(service, fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
    const pat = await service.payer("pro");
    let used = 0;
    for (const { micros, fate } of steps) {
      await spend(service, pat, micros);
      used += micros;
      proxy.set(fate);
      // A report that is known to be there asks nothing.
      if (fate.includes("held")) await service.reportAndDie(pat, proxy.waiting());
      else await service.report(pat);
    }
    proxy.set("passes");
    await service.report(pat);
    expect(await world.view(pat)).toMatchObject({ acceptedMicros: used, differences: noDifference, error: null });
    await world.turnToEnd(pat, -2 * hour);
    await world.report(pat);
    expect((await world.usageLines(pat)).map(({ micros }) => micros)).toEqual([used]);
    expect(await world.view(pat)).toMatchObject({ invoicedMicros: used, differences: noDifference });
  });
}
