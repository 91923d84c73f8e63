import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["faults/*.test.ts"],
    globalSetup: ["server/test/global-setup.ts"],
    // Each fault has the machine to itself: what is killed and restarted takes both cores.
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 60_000,
  },
});
