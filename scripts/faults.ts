/**
 * `npm run faults`: all faults of production.md, against plain processes and then, where a Docker engine can be had,
 * against the real stack. Arguments go to vitest: `npm run faults -- 05` is one of them.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { testOnStack } from "./on-stack.ts";

const args = [...process.argv.slice(2), "--passWithNoTests"];
const options = { cwd: join(import.meta.dirname, ".."), stdio: "inherit" } as const;
const { status } = spawnSync("vitest", ["run", "--config", "faults/vitest.config.ts", ...args], options);
const onStack = await testOnStack(
  "the part of npm run faults on the real stack",
  "faults/stack/vitest.config.ts",
  args,
);
process.exitCode = status === 0 ? onStack : 1;
