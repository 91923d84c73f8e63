import { readFileSync, writeFileSync } from "node:fs";
import { onTestFinished, test } from "vitest";
import { must } from "../../deploy/test/engine.ts";
import { startProviderStandIn } from "../../server/test/stand-ins/providers.ts";
import { redisAway, scale } from "../scenarios/redis-away.ts";
import { thorough } from "../seeds.ts";
import { crash, forContainers, openPlace, type StackPlace } from "./place.ts";

/** Starts both colours anew with this scale of the request rates. */
async function setRates({ stack, serving, other }: StackPlace, to: number): Promise<void> {
  const settings = readFileSync(stack.settingsFile, "utf8");
  writeFileSync(stack.settingsFile, settings.replace(/^RATE_LIMIT_SCALE=.*$/m, `RATE_LIMIT_SCALE=${to}`));
  await stack.compose("--profile", "green", "kill", serving, other);
  await stack.compose(
    "--profile",
    "green",
    "up",
    "--detach",
    "--no-deps",
    "--force-recreate",
    "--wait",
    serving,
    other,
  );
}

test("Redis killed, frozen or forgetful under load: no limit is ever open, and each holds within its bound", async () => {
  const place = await openPlace();
  const { stack } = place;
  const provider = await startProviderStandIn(forContainers(place.shared.ports.provider));
  // Signed up and taught while nothing is limited; three for each scenario.
  const members = await Promise.all(
    Array.from({ length: 3 * (thorough ? place.seeds : Number(process.env["FAULT_SEEDS"])) }, async () => {
      const pat = await place.signUp({ plan: "team" });
      return { pat, agent: await place.teach(pat) };
    }),
  );
  onTestFinished(() => setRates(place, 0));
  await setRates(place, scale);
  const redis = stack.container("redis");
  const inRedis = (...command: string[]) => must("docker", ["exec", redis, "redis-cli", ...command]);
  await redisAway({
    ...place,
    member: async () => members.pop() ?? Promise.reject(new Error("there is nobody left")),
    logged: (server) => must("docker", ["logs", stack.container(server === 0 ? place.serving : place.other)]),
    trouble: {
      // Docker has it back within a second, and it has kept its counts.
      killed: { hurt: () => crash(redis), heal: () => {}, lasts: false },
      frozen: {
        hurt: () => must("docker", ["pause", redis]),
        heal: () => must("docker", ["unpause", redis]),
        lasts: true,
      },
      forgetful: { hurt: () => inRedis("flushall"), heal: () => inRedis("flushall"), lasts: false },
    },
  });
  await provider.close();
});
