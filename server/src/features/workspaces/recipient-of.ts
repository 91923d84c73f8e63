import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";
import { users } from "../../db/schema/identity.ts";
import { members } from "../../db/schema/workspaces.ts";

/**
 * Whom to write to about a workspace: its owner, else whoever has been admin the longest, at an address that was
 * confirmed; `null` where there is none. Needs an operator's transaction.
 */
export async function recipientOf(tx: Tx, workspaceId: string): Promise<{ email: string; name: string } | null> {
  const [found] = await tx
    .select({ email: users.email, name: users.name })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(
      and(
        eq(members.workspaceId, workspaceId),
        inArray(members.role, ["owner", "admin"]),
        eq(users.emailVerified, true),
      ),
    )
    .orderBy(sql`${members.role} = 'owner' desc`, asc(members.createdAt), asc(members.userId))
    .limit(1);
  return found ?? null;
}
