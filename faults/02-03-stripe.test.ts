import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "vitest";
import { startPaidApp } from "../server/test/paid-app.ts";
import { startStripeProxy } from "../server/test/stripe-proxy.ts";
import { usageWorld } from "../server/test/usage-world.ts";
import { stripeLost } from "./scenarios/stripe-lost.ts";

test("killed between commit and Stripe's call, or its answer lost: each micro-dollar is invoiced once", async () => {
  const app = await startPaidApp();
  const world = usageWorld(app);
  const proxy = await startStripeProxy(Number(new URL(app.local.url).port));
  const now = () => new Date(app.local.control.now() * 1_000).toISOString();
  await stripeLost({
    ...app,
    seeds: 20,
    proxy,
    report: (pat) => world.report(pat, world.stripeAt(proxy.port)).catch(() => {}),
    reportAndDie: async ({ workspaceId }, waits) => {
      const program = join(import.meta.dirname, "../server/test/report-process.ts");
      const child = spawn(process.execPath, [program, app.databaseUrl, String(proxy.port), workspaceId, now()]);
      const exit = once(child, "exit");
      await Promise.race([waits, exit]);
      child.kill("SIGKILL");
      await exit;
    },
  });
  await proxy.close();
  await app.close();
});
