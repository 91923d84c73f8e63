import { randomUUIDv7 } from "node:crypto";
import { and, eq, notInArray } from "drizzle-orm";
import type { Database, Tx } from "../../../db/client.ts";
import { clerkUsers } from "../../../db/schema/clerk.ts";
import { users } from "../../../db/schema/identity.ts";
import { members } from "../../../db/schema/workspaces.ts";
import type { ClerkPerson } from "../../../integrations/clerk/index.ts";
import { queueMail, welcomeMail } from "../../mail/index.ts";
import { findAddress } from "./address.ts";
import { ensureWorkspaceIn } from "../../workspaces/index.ts";
import { withClerkLock } from "./lock.ts";

type Row = typeof users.$inferSelect;

const userOf = async (tx: Tx, id: string): Promise<Row | undefined> =>
  (await tx.select().from(users).where(eq(users.id, id)))[0];

/** Somebody who has an account here by now had one before Clerk too: its workspaces are theirs, and it goes. */
async function joinAccounts(tx: Tx, { former, own }: { former: string; own: string }): Promise<void> {
  const theirs = tx.select({ id: members.workspaceId }).from(members).where(eq(members.userId, own));
  await tx
    .update(members)
    .set({ userId: own })
    .where(and(eq(members.userId, former), notInArray(members.workspaceId, theirs)));
  await tx.delete(users).where(eq(users.id, former));
}

/**
 * Keeps what Clerk tells of a person: makes their account, or brings it up to date where this is newer than what is
 * known, with a workspace. The same news twice, old news and news of the deleted change nothing. Returns the account, `null` for somebody
 * who was deleted.
 */
export async function keepPerson(
  db: Database,
  person: ClerkPerson,
  publicUrl: string,
): Promise<{ id: string; name: string } | null> {
  return withClerkLock(db, async (tx) => {
    const { clerkId, name, image } = person;
    const [known] = await tx.select().from(clerkUsers).where(eq(clerkUsers.clerkId, clerkId));
    if (known && known.userId === null) return null;
    const before = known?.userId ? await userOf(tx, known.userId) : undefined;
    if (known && before && known.toldAt.getTime() >= person.toldAt) return before;

    const { email, emailVerified, former } = await findAddress(tx, person);
    if (before && former !== null) await joinAccounts(tx, { former, own: before.id });
    const told = { email, emailVerified, image, updatedAt: new Date() };
    const own = before ?? (former === null ? undefined : await userOf(tx, former));
    // Nobody is called nothing because Clerk does not know their name.
    const called = name || own?.name || "";
    const id = own?.id ?? randomUUIDv7();
    if (own)
      await tx
        .update(users)
        .set({ ...told, name: called })
        .where(eq(users.id, id));
    else await tx.insert(users).values({ id, ...told, name: called });
    const toldAt = new Date(person.toldAt);
    await tx
      .insert(clerkUsers)
      .values({ clerkId, userId: id, toldAt })
      .onConflictDoUpdate({ target: clerkUsers.clerkId, set: { userId: id, toldAt } });
    if (emailVerified && !own?.emailVerified) {
      const letter = welcomeMail({ name: called, url: `${publicUrl}/home` });
      await queueMail(tx, { dedupeKey: `welcome:${id}`, to: email, ...letter });
    }
    await ensureWorkspaceIn(tx, { id, name: called });
    return { id, name: called };
  });
}
