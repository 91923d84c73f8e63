import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["deploy/test/stack/*.test.ts"],
    // Containers take both cores; and what happens to one stack happens in order.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
