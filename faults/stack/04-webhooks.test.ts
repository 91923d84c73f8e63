import { test } from "vitest";
import { startStripe } from "../../deploy/test/stripe.ts";
import { payingAt } from "../../server/test/paid-app.ts";
import { runJob } from "../place.ts";
import { webhooksAstray } from "../scenarios/webhooks.ts";
import { openPlace } from "./place.ts";

test("webhooks through nginx shuffled, ten times each, 72 hours late, or all dropped: everybody stands as at Stripe", async () => {
  const place = await openPlace();
  const { db, stack } = place;
  const stripe = await startStripe(place.shared, stack);
  await webhooksAstray({
    ...payingAt({ db, url: stack.door.origin, local: stripe.local, signUp: place.signUp }),
    seeds: place.seeds,
    urls: place.urls,
    reconcile: () => runJob(db, "billing-reconcile", {}),
  });
  await stripe.close();
});
