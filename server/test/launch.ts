import { expect } from "vitest";
import type { LaunchCheck } from "@charlie/contract";
import { launchChecks, runChecks } from "../src/features/launch/index.ts";
import { inspectEach } from "../src/settings.ts";

type Surroundings = Parameters<typeof runChecks>[2];

/** What one check of the launch finds in an environment. */
export async function examine(
  id: string,
  env: Record<string, string>,
  surroundings: Surroundings = {},
): Promise<Pick<LaunchCheck, "state" | "found" | "todo">> {
  const checks = launchChecks.filter((check) => check.id === id);
  const [result] = await runChecks(checks, inspectEach(env), surroundings);
  if (!result) throw new Error(`there is no check ${id}`);
  const { state, found, todo } = result;
  return { state, found, todo };
}

export const failed = (found: string, todo = ""): object => ({
  state: "failed",
  found: expect.stringContaining(found) as string,
  todo: expect.stringContaining(todo) as string,
});

export const ok = (found: string): object => ({
  state: "ok",
  found: expect.stringContaining(found) as string,
  todo: null,
});
