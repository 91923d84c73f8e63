/**
 * `npm run test:deploy`: the real stack on a Docker engine, as deploy/ brings it up, and one seed of each of its faults.
 * Where no engine can be had it says so, and ends well. Arguments go to vitest.
 */
import { testOnStack } from "./on-stack.ts";

const { FAULT_SEEDS = "1" } = process.env;
const args = process.argv.slice(2);
process.exitCode = await testOnStack("npm run test:deploy", "deploy/test/vitest.config.ts", args, { FAULT_SEEDS });
