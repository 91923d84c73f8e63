import type { Agent } from "@charlie/contract";
import { useEffect, useState } from "react";
import type { AgentChange } from "../use-agent-actions.ts";

type Fields = Required<AgentChange>;
const fieldNames = ["name", "projectId", "who", "rules", "tricks", "brain"] as const satisfies (keyof Fields)[];

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What of `edits` differs from what is saved. */
export function changesOf(agent: Pick<Agent, keyof Fields>, edits: AgentChange): AgentChange {
  const changed = fieldNames.filter((field) => edits[field] !== undefined && !same(edits[field], agent[field]));
  return Object.fromEntries(changed.map((field) => [field, edits[field]]));
}

/** Reads what was kept; whatever cannot be read is no edit. */
function parseKept(kept: string | null): AgentChange {
  try {
    return { ...(JSON.parse(kept ?? "{}") as AgentChange) };
  } catch {
    return {};
  }
}

/**
 * What was changed on the page and is not saved yet, over what is saved. Fields that nobody touched follow the server,
 * so that saving sends no more than was changed. Kept in this tab, for a reload or a session that ends meanwhile.
 */
export function useEdits(agent: Agent) {
  const key = `charlie.edits.${agent.id}`;
  const [edits, setEdits] = useState<AgentChange>(() => parseKept(sessionStorage.getItem(key)));
  const changes = changesOf(agent, edits);
  const kept = JSON.stringify(changes);
  useEffect(() => {
    if (kept === "{}") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, kept);
  }, [key, kept]);
  const { name, projectId, who, rules, tricks, brain } = agent;
  return {
    shown: { name, projectId, who, rules, tricks, brain, ...changes },
    changes,
    isChanged: Object.keys(changes).length > 0,
    edit: (part: AgentChange) => setEdits((previous) => ({ ...previous, ...part })),
    takeBack: () => {
      // At once: whoever leaves without them does not come back to them.
      sessionStorage.removeItem(key);
      setEdits({});
    },
  };
}
