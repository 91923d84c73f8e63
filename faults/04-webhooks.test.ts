import { test } from "vitest";
import { reconcile } from "../server/src/features/billing/reconcile.ts";
import { startTestApp } from "../server/test/harness.ts";
import { startPaidApp } from "../server/test/paid-app.ts";
import { webhooksAstray } from "./scenarios/webhooks.ts";

test("webhooks shuffled, ten times each, 72 hours late, or all dropped: everybody stands as at Stripe", async () => {
  const app = await startPaidApp();
  const second = await startTestApp({ databaseUrl: app.databaseUrl, deps: { stripe: app.local } });
  const urls = [app.url, second.url];
  await webhooksAstray({ ...app, seeds: 20, urls, reconcile: async () => void (await reconcile(app.billing())) });
  await second.close();
  await app.close();
});
