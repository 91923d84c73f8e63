import type { Agent } from "@charlie/contract";
import type { ReactNode } from "react";

/** Being written. */
export function AgentPage({ agent, children }: { agent: Agent; children: ReactNode }) {
  return (
    <>
      <h1>{agent.name}</h1>
      {children}
    </>
  );
}
