import { test } from "vitest";
import { startStripe } from "../../deploy/test/stripe.ts";
import { payingAt } from "../../server/test/paid-app.ts";
import { beginJob, jobIsOver, runJob } from "../place.ts";
import { stripeLost } from "../scenarios/stripe-lost.ts";
import { crash, openPlace } from "./place.ts";

test("the worker killed before and after Stripe heard of it, or Stripe's answer lost: each micro-dollar is invoiced once", async () => {
  const place = await openPlace();
  const { db, stack } = place;
  const stripe = await startStripe(place.shared, stack);
  await stripeLost({
    ...payingAt({ db, url: stack.door.origin, local: stripe.local, signUp: place.signUp }),
    seeds: place.seeds,
    proxy: stripe.proxy,
    report: ({ workspaceId }) => runJob(db, "billing-usage", { workspaceId }),
    reportAndDie: async ({ workspaceId }, waits) => {
      const job = await beginJob(db, "billing-usage", { workspaceId });
      await Promise.race([waits, jobIsOver(db, job)]);
      await crash(stack.container("worker"));
      stripe.proxy.set("passes");
      // The hours after which the queue gives what a dead worker held to another one.
      await db.operator.query(
        "select graphile_worker.force_unlock_workers(array_agg(locked_by)) from graphile_worker.jobs where locked_by is not null",
      );
      await jobIsOver(db, job);
    },
  });
  await stripe.close();
});
