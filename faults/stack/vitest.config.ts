import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** What happens to one stack happens in this order, each time. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** The faults on the real stack: all files share one. */
export default defineConfig({
  test: {
    include: ["faults/stack/*.test.ts"],
    globalSetup: ["deploy/test/shared-stack.ts"],
    // Containers take both cores; and what happens to one stack happens in order.
    fileParallelism: false,
    sequence: { sequencer: ByName },
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
