/**
 * `npm run test:deploy`: the real stack on a Docker engine, as deploy/ brings it up. Where none can be had it says so,
 * and ends well. Arguments go to vitest.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findEngine, must } from "../deploy/test/engine.ts";
import { testTag } from "../deploy/test/images.ts";
import { installTestNeeds, stackNeeds } from "./test-needs.ts";

const root = join(import.meta.dirname, "..");

if (!findEngine()) {
  console.log("SKIPPED: npm run test:deploy needs a Docker engine (docker info, or DOCKER_HERE to start one).");
  process.exit(0);
}
installTestNeeds(stackNeeds);
console.log("Building the images …");
const begun = Date.now();
await must("deploy/build", [], { TAG: testTag, RELEASE: "test", BUILD_OPTIONS: "--network host" });
console.log(`Built in ${Math.round((Date.now() - begun) / 1_000)} s.`);
const args = ["run", "--config", "deploy/test/vitest.config.ts", ...process.argv.slice(2)];
process.exitCode = spawnSync("vitest", args, { cwd: root, stdio: "inherit" }).status ?? 1;
