import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findEngine, must } from "../deploy/test/engine.ts";
import { testTag } from "../deploy/test/images.ts";
import { installTestNeeds, stackNeeds } from "./test-needs.ts";

/**
 * Runs a vitest configuration whose tests need the real stack, with the images built anew. Where no Docker engine can be
 * had it says so, naming `what` was skipped, and all is well. Returns the exit code.
 */
export async function testOnStack(
  what: string,
  config: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  if (!findEngine()) {
    console.log(`SKIPPED: ${what} needs a Docker engine (docker info, or DOCKER_HERE to start one).`);
    return 0;
  }
  installTestNeeds(stackNeeds);
  console.log("Building the images …");
  const begun = Date.now();
  await must("deploy/build", [], { TAG: testTag, RELEASE: "test", BUILD_OPTIONS: "--network host" });
  console.log(`Built in ${Math.round((Date.now() - begun) / 1_000)} s.`);
  const cwd = join(import.meta.dirname, "..");
  const options = { cwd, stdio: "inherit", env: { ...process.env, ...env } } as const;
  return spawnSync("vitest", ["run", "--config", config, ...args], options).status ?? 1;
}

/** The real stack as deploy/ brings it up, and what goes wrong with deploys, backups and certificates: one seed of each. */
export const testDeploy = (args: readonly string[]): Promise<number> =>
  testOnStack("npm run test:deploy", "deploy/test/vitest.config.ts", args, {
    FAULT_SEEDS: process.env["FAULT_SEEDS"] ?? "1",
  });
