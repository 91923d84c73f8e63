import { expect, test } from "vitest";
import { must } from "../../deploy/test/engine.ts";
import { startProviderStandIn } from "../../server/test/stand-ins/providers.ts";
import { postgresFrozen } from "../scenarios/postgres-frozen.ts";
import { forContainers, lifeOf, openPlace } from "./place.ts";

test("PostgreSQL frozen under load: not ready but alive, and no container is started anew", async () => {
  const place = await openPlace();
  const provider = await startProviderStandIn(forContainers(place.shared.ports.provider));
  const postgres = place.stack.container("postgres");
  const all = [place.serving, place.other, "worker", "postgres", "nginx"].map(place.stack.container);
  const before = await Promise.all(all.map(lifeOf));
  await postgresFrozen(place, {
    freeze: async () => void (await must("docker", ["pause", postgres])),
    thaw: async () => void (await must("docker", ["unpause", postgres])),
  });
  expect(await Promise.all(all.map(lifeOf))).toEqual(before);
  await provider.close();
});
