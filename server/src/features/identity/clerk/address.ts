import { eq } from "drizzle-orm";
import type { Tx } from "../../../db/client.ts";
import { clerkUsers } from "../../../db/schema/clerk.ts";
import { accounts, sessions, users } from "../../../db/schema/identity.ts";
import type { ClerkPerson } from "../../../integrations/clerk/index.ts";

/** Stands for the address of somebody who has none. The domain never exists (RFC 2606), and it is never confirmed. */
const noAddress = (clerkId: string): string => `${clerkId.toLowerCase()}@no-address.invalid`;

export interface Found {
  email: string;
  emailVerified: boolean;
  /** The account from before Clerk whose address this is; it becomes the person's. */
  former: string | null;
}

/**
 * The address that somebody can have here. Each belongs to one account. Who has confirmed it at Clerk takes it from
 * whoever has not, and from whoever had it at an earlier time: Clerk gives a confirmed address to one person at a time,
 * but its news come in any order.
 */
export async function findAddress(tx: Tx, { clerkId, email, emailVerified, toldAt }: ClerkPerson): Promise<Found> {
  const none = { email: noAddress(clerkId), emailVerified: false, former: null };
  if (email === null) return none;
  const [holder] = await tx
    .select({ id: users.id, verified: users.emailVerified, clerkId: clerkUsers.clerkId, toldAt: clerkUsers.toldAt })
    .from(users)
    .leftJoin(clerkUsers, eq(clerkUsers.userId, users.id))
    .where(eq(users.email, email));
  if (!holder || holder.clerkId === clerkId) return { email, emailVerified, former: null };
  if (!emailVerified) return none;
  if (holder.clerkId === null) {
    // From now on Clerk alone signs them in. Who had made the account may never have proved that the address is theirs.
    await tx.delete(sessions).where(eq(sessions.userId, holder.id));
    await tx.delete(accounts).where(eq(accounts.userId, holder.id));
    return { email, emailVerified, former: holder.id };
  }
  if (holder.verified && holder.toldAt !== null && holder.toldAt.getTime() > toldAt) return none;
  await tx
    .update(users)
    .set({ email: noAddress(holder.clerkId), emailVerified: false, updatedAt: new Date() })
    .where(eq(users.id, holder.id));
  return { email, emailVerified, former: null };
}
