import type { AuditEntry } from "@charlie/contract";
import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { auditLog } from "../../db/schema/workspaces.ts";
import { idPlace, pageOfRows, readCursor } from "../../http/pages.ts";

type Row = typeof auditLog.$inferSelect;

const present = ({ id, createdAt, action, actorType, actorId, subjectId, data }: Row): AuditEntry => ({
  id,
  at: createdAt.toISOString(),
  action,
  actor: { type: actorType, id: actorId },
  subjectId,
  data,
});

/** What happened to a workspace's plan and payments, newest first. */
export async function listCustomerAudit(
  ctx: OperatorCtx,
  workspaceId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
  const [before] = cursor === undefined ? [] : readCursor(cursor, idPlace);
  const rows = await asOperator(ctx.db, (tx) =>
    tx
      .select()
      .from(auditLog)
      .where(
        and(
          eq(auditLog.workspaceId, workspaceId),
          // As the index has it.
          sql`${auditLog.action} ~ '^(billing|admin)\\.'`,
          before === undefined ? undefined : lt(auditLog.id, before),
        ),
      )
      .orderBy(desc(auditLog.id))
      .limit(limit + 1),
  );
  return pageOfRows(rows, limit, present, ({ id }) => [id]);
}
