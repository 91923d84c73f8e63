import { randomUUIDv7 } from "node:crypto";
import { actorId, type Ctx } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { auditLog } from "../../db/schema/workspaces.ts";

/** Writes who did what into the audit log, in the transaction that does it: no change without its row. */
export async function audit(
  tx: Tx,
  ctx: Pick<Ctx, "actor" | "workspaceId">,
  action: string,
  subjectId: string | null,
  data: Record<string, unknown> = {},
): Promise<void> {
  await tx.insert(auditLog).values({
    id: randomUUIDv7(),
    workspaceId: ctx.workspaceId,
    actorType: ctx.actor.type,
    actorId: actorId(ctx.actor),
    action,
    subjectId,
    data,
  });
}
