import { expect, test } from "vitest";
import { startProviderStandIn } from "../../server/test/stand-ins/providers.ts";
import { postgresKilled } from "../scenarios/postgres-killed.ts";
import { crash, forContainers, lifeOf, openPlace } from "./place.ts";

test("PostgreSQL killed under load: every acknowledged write is there, and no server has to start anew", async () => {
  const place = await openPlace();
  const provider = await startProviderStandIn(forContainers(place.shared.ports.provider));
  const servers = [place.serving, place.other, "worker"].map(place.stack.container);
  const before = await Promise.all(servers.map(lifeOf));
  await postgresKilled(place, () => crash(place.stack.container("postgres")));
  expect(await Promise.all(servers.map(lifeOf))).toEqual(before);
  await provider.close();
});
