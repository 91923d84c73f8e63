import { defineConfig, mergeConfig } from "vitest/config";
import faults from "../../faults/stack/vitest.config.ts";

/** `npm run test:deploy`: the stack as it is meant to be, then its faults, all on one that is brought up once. */
export default mergeConfig(faults, defineConfig({ test: { include: ["deploy/test/stack/*.test.ts"] } }));
