import { onTestFinished } from "vitest";
import { startStripe, type StackStripe } from "../../deploy/test/stripe.ts";
import { payingAt, type Paying } from "../../server/test/paid-app.ts";
import { openPlace, type StackPlace } from "./place.ts";

/** The shared stack, whose customers pay its local Stripe for the time of the test. */
export async function openPaying(): Promise<StackPlace & Paying & Pick<StackStripe, "proxy">> {
  const place = await openPlace();
  const { local, proxy, close } = await startStripe(place.shared, place.stack);
  onTestFinished(close);
  return { ...place, ...payingAt({ ...place, url: place.stack.door.origin, local }), proxy };
}
