import { expect, test } from "vitest";
import { startHeldProvider } from "../../server/test/held-provider.ts";
import { serverKilled } from "../scenarios/server-killed.ts";
import { untilReady } from "../work.ts";
import { crash, forContainers, lifeOf, openPlace } from "./place.ts";

test("the colour that serves is killed in the midst of answers: it comes back by itself, and nobody pays twice", async () => {
  const place = await openPlace();
  const provider = await startHeldProvider(forContainers(place.shared.ports.provider));
  const container = place.stack.container(place.serving);
  const before = await lifeOf(container);
  let kills = 0;
  await serverKilled(place, provider, {
    url: async () => {
      await untilReady(place);
      return place.urls[0] ?? "";
    },
    kill: async () => {
      kills += 1;
      await crash(container);
    },
  });
  expect((await lifeOf(container)).restarts - before.restarts).toBe(kills);
  await provider.close();
});
