import { answersOf, brainOf, type Agent, type AgentSummary } from "@charlie/contract";
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { agents, projects } from "../../db/schema/agents.ts";
import { notFound } from "../../errors.ts";
import { agentFrozen, projectFrozen } from "../plans/index.ts";

type Row = typeof agents.$inferSelect;

/** An agent as lists show it. */
export const presentSummary = (row: Row): AgentSummary => ({
  id: row.id,
  projectId: row.projectId,
  name: row.name,
  who: answersOf(row.flow).who,
  frozen: row.frozenAt !== null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
});

/** An agent whole; its answers and brain are read out of its flow. */
export const presentAgent = (row: Row): Agent => ({
  ...presentSummary(row),
  ...answersOf(row.flow),
  brain: brainOf(row.flow),
  flow: row.flow,
});

/** One agent of the workspace that is not deleted. Throws 404. */
export async function findAgent(tx: Tx, id: string): Promise<Row> {
  const [row] = await tx
    .select()
    .from(agents)
    .where(and(eq(agents.id, id), isNull(agents.deletedAt)));
  if (!row) throw notFound("agent");
  return row;
}

/** One agent that may be changed and copied. Throws 404, 409 where it is frozen. */
export async function findAwake(tx: Tx, id: string): Promise<Row> {
  const row = await findAgent(tx, id);
  if (row.frozenAt) throw agentFrozen();
  return row;
}

/** The project an agent goes to: the one named, else the oldest that is live. Throws 404, 409 where it is frozen. */
export async function chooseProject(tx: Tx, id: string | undefined): Promise<string> {
  const there = isNull(projects.deletedAt);
  const [row] = await tx
    .select({ id: projects.id, frozenAt: projects.frozenAt })
    .from(projects)
    .where(and(there, id === undefined ? isNull(projects.frozenAt) : eq(projects.id, id)))
    .orderBy(projects.id)
    .limit(1);
  if (!row) throw notFound("project");
  if (row.frozenAt) throw projectFrozen();
  return row.id;
}
