import type { Plan } from "@charlie/contract";

/** What deciding takes to know of a project. */
export interface FitProject {
  id: string;
  frozenAt: Date | null;
  pickedAt: Date | null;
}

/** What deciding takes to know of an agent. */
export interface FitAgent extends FitProject {
  projectId: string;
  lastUsedAt: Date | null;
}

/** The ids of what is live. */
export interface Live {
  projects: Set<string>;
  agents: Set<string>;
}

/** Before whom somebody stands: picked by the owner, live already, used last, the newest. */
type Rank = readonly [picked: boolean, live: boolean, usedMs: number, newest: string];

const byRank = ([a]: readonly [Rank, string], [b]: readonly [Rank, string]): number =>
  Number(b[0]) - Number(a[0]) || Number(b[1]) - Number(a[1]) || b[2] - a[2] || (a[3] < b[3] ? 1 : a[3] > b[3] ? -1 : 0);

/** The first `limit` of them by rank. */
const first = <T extends FitProject>(things: readonly T[], limit: number | null, usedMs: (thing: T) => number) =>
  new Set(
    things
      .map((thing) => {
        const rank: Rank = [thing.pickedAt !== null, thing.frozenAt === null, usedMs(thing), thing.id];
        return [rank, thing.id] as const;
      })
      .toSorted(byRank)
      .slice(0, limit ?? things.length)
      .map(([, id]) => id),
  );

/**
 * Which of a workspace's projects and agents are live within these limits. Pure, and blind to the order of its input.
 * The owner's picks stand first, then what is live already (so more room never freezes anything), then what was used
 * last; a project is used when one of its agents is. An agent is live only in a live project.
 */
export function fit(limits: Plan["limits"], projects: readonly FitProject[], agents: readonly FitAgent[]): Live {
  const usedMs = ({ lastUsedAt }: FitAgent) => lastUsedAt?.getTime() ?? 0;
  const projectUsedMs = new Map<string, number>();
  for (const agent of agents) {
    projectUsedMs.set(agent.projectId, Math.max(projectUsedMs.get(agent.projectId) ?? 0, usedMs(agent)));
  }
  const liveProjects = first(projects, limits.projects, ({ id }) => projectUsedMs.get(id) ?? 0);
  const candidates = agents.filter(({ projectId }) => liveProjects.has(projectId));
  return { projects: liveProjects, agents: first(candidates, limits.agents, usedMs) };
}
