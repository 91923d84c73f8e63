import { test } from "vitest";
import { beginJob, jobIsOver, runJob } from "../place.ts";
import { stripeLost } from "../scenarios/stripe-lost.ts";
import { openPaying } from "./paying.ts";
import { crash } from "./place.ts";

test("the worker killed before and after Stripe heard of it, or Stripe's answer lost: each micro-dollar is invoiced once", async () => {
  const service = await openPaying();
  const { db, proxy, stack } = service;
  await stripeLost({
    ...service,
    // At its end the local Stripe's clock is turned, and the stack's own goes by the real time: one scenario a run.
    seeds: 1,
    report: ({ workspaceId }) => runJob(db, "billing-usage", { workspaceId }),
    reportAndDie: async ({ workspaceId }, waits) => {
      const job = await beginJob(db, "billing-usage", { workspaceId });
      await Promise.race([waits, jobIsOver(db, job)]);
      await crash(stack.container("worker"));
      proxy.set("passes");
      // The hours pass after which the queue gives what a dead worker held to another one.
      await db.operator.query(
        "select graphile_worker.force_unlock_workers(array_agg(locked_by)) from graphile_worker.jobs where locked_by is not null",
      );
      await jobIsOver(db, job);
    },
  });
});
