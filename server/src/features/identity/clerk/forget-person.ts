import { and, eq, isNull, ne } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Database } from "../../../db/client.ts";
import { clerkUsers } from "../../../db/schema/clerk.ts";
import { users } from "../../../db/schema/identity.ts";
import { members } from "../../../db/schema/workspaces.ts";
import { enqueue } from "../../../jobs/queue.ts";
import { audit } from "../../workspaces/index.ts";
import { withClerkLock } from "./lock.ts";

/**
 * Deletes the account of somebody who was deleted at Clerk, and keeps in mind that they were. What their workspaces
 * hold stays; a plan that nobody is left to use or to end is ended by the queue.
 */
export async function forgetPerson(db: Database, clerkId: string): Promise<void> {
  await withClerkLock(db, async (tx) => {
    const [known] = await tx.select().from(clerkUsers).where(eq(clerkUsers.clerkId, clerkId));
    if (!known?.userId) {
      await tx.insert(clerkUsers).values({ clerkId, userId: null, toldAt: new Date() }).onConflictDoNothing();
      return;
    }
    const others = alias(members, "others");
    const deserted = await tx
      .select({ workspaceId: members.workspaceId })
      .from(members)
      .leftJoin(others, and(eq(others.workspaceId, members.workspaceId), ne(others.userId, members.userId)))
      .where(and(eq(members.userId, known.userId), isNull(others.userId)));
    for (const { workspaceId } of deserted) {
      const actor = { type: "system", name: "clerk" } as const;
      await audit(tx, { actor, workspaceId }, "workspace.deserted", workspaceId, { userId: known.userId });
      await enqueue(tx, "identity-deserted", { workspaceId }, { key: `deserted:${workspaceId}` });
    }
    // Sessions and memberships go with it, and Clerk's id keeps no account.
    await tx.delete(users).where(eq(users.id, known.userId));
  });
}
