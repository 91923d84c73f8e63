import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{contract,server,stripe-sandbox,web,deploy}/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "deploy/test/stack/**"],
    globalSetup: ["server/test/global-setup.ts"],
    // Two cores: more workers only wait for each other.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
