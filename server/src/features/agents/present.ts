import { answersOf, brainOf, type Agent, type AgentSummary } from "@charlie/contract";
import { and, eq, isNull } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { agents, projects } from "../../db/schema/agents.ts";
import { notFound } from "../../errors.ts";

type Row = typeof agents.$inferSelect;

/** An agent as lists show it. */
export const presentSummary = (row: Row): AgentSummary => ({
  id: row.id,
  projectId: row.projectId,
  name: row.name,
  who: answersOf(row.flow).who,
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

/** One live agent of the workspace. Throws 404. */
export async function findAgent(tx: Tx, id: string): Promise<Row> {
  const [row] = await tx
    .select()
    .from(agents)
    .where(and(eq(agents.id, id), isNull(agents.deletedAt)));
  if (!row) throw notFound("agent");
  return row;
}

/** The project a new agent goes to: the one named, else the oldest. Throws 404. */
export async function chooseProject(tx: Tx, id: string | undefined): Promise<string> {
  const live = isNull(projects.deletedAt);
  const [row] = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(id === undefined ? live : and(live, eq(projects.id, id)))
    .orderBy(projects.id)
    .limit(1);
  if (!row) throw notFound("project");
  return row.id;
}
