import { test } from "vitest";
import { runJob } from "../place.ts";
import { webhooksAstray } from "../scenarios/webhooks.ts";
import { openPaying } from "./paying.ts";

test("webhooks through nginx shuffled, ten times each, 72 hours late, or all dropped: everybody stands as at Stripe", async () => {
  const service = await openPaying();
  await webhooksAstray({ ...service, reconcile: () => runJob(service.db, "billing-reconcile", {}) });
});
