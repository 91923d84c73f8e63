import { defineConfig } from "vitest/config";
import faults from "../../faults/stack/vitest.config.ts";

/**
 * `npm run test:deploy`: the stack as it is meant to be, and what goes wrong with deploys, migrations, backups and
 * certificates, all on one that is brought up once. The other faults strike plain processes in `npm test`.
 */
export default defineConfig({
  test: { ...faults.test, include: ["deploy/test/stack/*.test.ts", "faults/stack/1[0-4]*.test.ts"] },
});
