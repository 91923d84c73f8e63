import { planOf, type PlanFit, type Role } from "@charlie/contract";
import { formatCount, formatUnits } from "../../ui/format.ts";

/** Whose choice it is who stays awake. */
export const mayChoose = (role: Role): boolean => role === "owner" || role === "admin";

/** "Free keeps 3 of your 8 agents awake": what a plan has room for; `null` where nothing sleeps. */
export function keepsWords({ plan, frozen, agents, projects }: PlanFit): string | null {
  const kept = (all: readonly unknown[], asleep: number, one: string) =>
    `${formatCount(all.length - asleep)} of your ${formatUnits(all.length, one)}`;
  const parts = [
    ...(frozen.agents > 0 ? [kept(agents, frozen.agents, "agent")] : []),
    ...(frozen.projects > 0 ? [kept(projects, frozen.projects, "project")] : []),
  ];
  return parts.length === 0 ? null : `${planOf(plan).name} keeps ${parts.join(" and ")} awake`;
}

/** "2 of 3 agents chosen", and what to do where there are too many. */
export function chosenWords(chosen: number, limit: number | null, one: string): { words: string; tooMany: boolean } {
  if (limit === null) return { words: `${formatUnits(chosen, one)} chosen`, tooMany: false };
  const over = chosen - limit;
  const words = `${formatCount(chosen)} of ${formatUnits(limit, one)} chosen`;
  return { words: over > 0 ? `${words}: leave ${formatCount(over)} out` : words, tooMany: over > 0 };
}
