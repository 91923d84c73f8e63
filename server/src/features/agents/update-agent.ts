import { withAnswers, type Agent, type Answers, type BrainChoice } from "@charlie/contract";
import { eq, sql } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { agents } from "../../db/schema/agents.ts";
import { lockWorkspace } from "../plans/index.ts";
import { audit } from "../workspaces/index.ts";
import { chooseProject, findAgent, findAwake, presentAgent } from "./present.ts";

type Change = {
  [Field in keyof Answers]?: Answers[Field] | undefined;
} & { projectId?: string | undefined; name?: string | undefined; brain?: BrainChoice | undefined };

/** Changes what is given and leaves the rest, the canvas's own steps included. Throws 409 where it, or the project it shall go to, is frozen. */
export async function updateAgent(ctx: Ctx, id: string, change: Change): Promise<Agent> {
  needRole(ctx, "editor");
  return ctx.transaction(async (tx) => {
    // A project must not be deleted while an agent moves into it.
    if (change.projectId !== undefined) await lockWorkspace(tx, ctx.workspaceId);
    // Locked, so that two people who change different answers at once do not undo each other.
    await tx.select({ id: agents.id }).from(agents).where(eq(agents.id, id)).for("update");
    const before = await findAwake(tx, id);
    const projectId = change.projectId === undefined ? before.projectId : await chooseProject(tx, change.projectId);
    const { who, rules, tricks, brain } = change;
    const given = Object.fromEntries(Object.entries({ who, rules, tricks }).filter(([, text]) => text !== undefined));
    await tx
      .update(agents)
      .set({
        name: change.name ?? before.name,
        projectId,
        flow: withAnswers(before.flow, given, brain),
        // Never the same again, whatever the clocks say: the chat tells by it whether what it knows is still so.
        updatedAt: sql`greatest(now(), ${agents.updatedAt} + interval '1 microsecond')`,
      })
      .where(eq(agents.id, id));
    await audit(tx, ctx, "agent.updated", id, { changed: Object.keys(change) });
    return presentAgent(await findAgent(tx, id));
  });
}
