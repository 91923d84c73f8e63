import { startLocalStripe, type LocalStripe } from "../../server/src/embedded/stripe.ts";
import { startStripeProxy, type StripeProxy } from "../../server/test/stripe-proxy.ts";
import { stripeOptions, type Shared } from "./shared-stack.ts";
import type { Stack } from "./stack.ts";
import { openWayIn } from "./way-in.ts";

/** The shared stack's Stripe, as long as a test needs it. */
export interface StackStripe {
  local: LocalStripe;
  /** What all of the stack's requests to Stripe go through. */
  proxy: StripeProxy;
  close: () => Promise<void>;
}

/** Starts it where the stack's settings say that Stripe is. Its events come in through nginx. */
export async function startStripe(shared: Shared, stack: Stack): Promise<StackStripe> {
  const wayIn = await openWayIn(stack, "nginx", shared.ports.webhooks);
  const local = await startLocalStripe(stripeOptions(shared));
  const target = Number(new URL(local.url).port);
  const proxy = await startStripeProxy(target, { host: "0.0.0.0", port: shared.ports.stripe });
  return {
    local,
    proxy,
    close: async () => {
      await proxy.close();
      await local.close();
      await wayIn.close();
    },
  };
}
