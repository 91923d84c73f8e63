import type { Agent } from "@charlie/contract";
import { useState } from "react";
import type { AgentChange } from "../use-agent-actions.ts";

type Fields = Required<AgentChange>;
const fieldNames = ["name", "projectId", "who", "rules", "tricks", "brain"] as const satisfies (keyof Fields)[];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What of `edits` differs from what is saved. */
export function changesOf(agent: Pick<Agent, keyof Fields>, edits: AgentChange): AgentChange {
  const changed = fieldNames.filter((field) => edits[field] !== undefined && !same(edits[field], agent[field]));
  return Object.fromEntries(changed.map((field) => [field, edits[field]]));
}

/**
 * What was changed on the page and is not saved yet, over what is saved. Fields that nobody touched follow the server,
 * so that saving sends no more than was changed.
 */
export function useEdits(agent: Agent) {
  const [edits, setEdits] = useState<AgentChange>({});
  const changes = changesOf(agent, edits);
  const { name, projectId, who, rules, tricks, brain } = agent;
  return {
    shown: { name, projectId, who, rules, tricks, brain, ...changes },
    changes,
    isChanged: Object.keys(changes).length > 0,
    edit: (part: AgentChange) => setEdits((previous) => ({ ...previous, ...part })),
    takeBack: () => setEdits({}),
  };
}
