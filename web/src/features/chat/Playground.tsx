import type { Agent } from "@charlie/contract";

/** Chat with one agent. */
export function Playground({ agent }: { agent: Agent }) {
  return <p>{agent.name}</p>;
}
