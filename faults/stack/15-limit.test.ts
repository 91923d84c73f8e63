import { test } from "vitest";
import { startProviderStandIn } from "../../server/test/stand-ins/providers.ts";
import { limitHolds } from "../scenarios/limit.ts";
import { forContainers, openPlace } from "./place.ts";

test("200 messages at once at a limit of 100, on both colours: exactly as many as are left are answered", async () => {
  const place = await openPlace();
  const provider = await startProviderStandIn(forContainers(place.shared.ports.provider));
  await limitHolds(place);
  await provider.close();
});
