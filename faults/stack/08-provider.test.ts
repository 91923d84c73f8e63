import { test } from "vitest";
import { startProviderStandIn } from "../../server/test/stand-ins/providers.ts";
import { providerTroubled } from "../scenarios/provider.ts";
import { thorough } from "../seeds.ts";
import { forContainers, openPlace } from "./place.ts";

test("a provider that hangs, refuses, or breaks off: what was told is what is stored and what is counted", async () => {
  const place = await openPlace();
  const provider = await startProviderStandIn(forContainers(place.shared.ports.provider));
  // Production waits half a minute for a first word and a minute for the next one.
  await providerTroubled(place, (word) => thorough || !word.startsWith("[hang"));
  await provider.close();
});
