/**
 * `npm run test:deploy`: the real stack on a Docker engine. Where no engine can be had it says so, and ends well. Arguments
 * go to vitest.
 */
import { testDeploy } from "./on-stack.ts";

process.exitCode = await testDeploy(process.argv.slice(2));
