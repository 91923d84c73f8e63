import { randomUUIDv7 } from "node:crypto";
import { flowOf, type Agent, type Answers, type Flow } from "@charlie/contract";
import { and, isNull, like } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { agents } from "../../db/schema/agents.ts";
import { lockWorkspace, needRoomFor } from "../plans/index.ts";
import { countAgentCreated } from "../usage/index.ts";
import { audit } from "../workspaces/index.ts";
import { chooseProject, findAgent, findAwake, presentAgent } from "./present.ts";

const freshName = "Charlie";

/** Inserts an agent under the plan's limit, counts it and audits it: what making and duplicating share. */
async function insertAgent(
  ctx: Ctx,
  tx: Tx,
  agent: { projectId: string; name: string; flow: Flow },
  action: string,
): Promise<Agent> {
  await needRoomFor(ctx, tx, "agents");
  const id = randomUUIDv7();
  await tx.insert(agents).values({ id, workspaceId: ctx.workspaceId, ...agent });
  await countAgentCreated(tx, ctx.workspaceId);
  await audit(tx, ctx, action, id, { name: agent.name });
  return presentAgent(await findAgent(tx, id));
}

/** Teaches a new agent with three answers. Throws 402 at the plan's limit, however many requests come at once. */
export async function createAgent(
  ctx: Ctx,
  input: Answers & { projectId?: string | undefined; name?: string | undefined },
): Promise<Agent> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    const projectId = await chooseProject(tx, input.projectId);
    return insertAgent(ctx, tx, { projectId, name: input.name ?? freshName, flow: flowOf(input) }, "agent.created");
  });
}

/** Copies an agent with all it was taught; conversations stay with the original. Throws 402, and 409 for a frozen one. */
export async function duplicateAgent(ctx: Ctx, id: string): Promise<Agent> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    const { projectId, name, flow } = await findAwake(tx, id);
    return insertAgent(ctx, tx, { projectId, name: await freeName(tx, name), flow }, "agent.duplicated");
  });
}

/** "Bello (copy)", "Bello (copy 2)" …: the first that no agent has, short enough for a name. */
async function freeName(tx: Tx, name: string): Promise<string> {
  const stem = name.replace(/ \(copy(?: \d+)?\)$/, "").slice(0, 68);
  const rows = await tx
    .select({ name: agents.name })
    .from(agents)
    .where(and(isNull(agents.deletedAt), like(agents.name, `${stem.replaceAll(/[\\%_]/g, "\\$&")} (copy%`)));
  const taken = new Set(rows.map((row) => row.name));
  for (let count = 1; ; count++) {
    const free = `${stem} (copy${count === 1 ? "" : ` ${count}`})`;
    if (!taken.has(free)) return free;
  }
}
