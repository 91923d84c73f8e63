import { randomUUIDv7 } from "node:crypto";
import type { Role } from "@charlie/contract";
import { asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { asOperator, type Database, type Tx } from "../../db/client.ts";
import { projects } from "../../db/schema/agents.ts";
import { users } from "../../db/schema/identity.ts";
import { members, workspaces } from "../../db/schema/workspaces.ts";
import { audit } from "./audit.ts";

export interface Membership {
  workspaceId: string;
  name: string;
  role: Role;
}

const membershipsOf = (tx: Pick<Tx, "select">, userId: string): Promise<Membership[]> =>
  tx
    .select({ workspaceId: workspaces.id, name: workspaces.name, role: members.role })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
    .where(eq(members.userId, userId))
    .orderBy(asc(members.createdAt), asc(workspaces.id));

/**
 * The workspaces a person is a member of, oldest first. Someone without one gets one on Free with a first project:
 * right after sign-up, or later where a crash came in between. None for somebody whose account is gone. Safe when called
 * many times at once. `ensureWorkspaceIn` does it in an operator's transaction.
 */
export async function ensureWorkspace(db: Database, user: { id: string; name: string }): Promise<Membership[]> {
  // Nearly everybody has one: that takes no transaction.
  const found = await membershipsOf(drizzle(db.operator), user.id);
  return found.length > 0 ? found : asOperator(db, (tx) => ensureWorkspaceIn(tx, user));
}

export async function ensureWorkspaceIn(tx: Tx, user: { id: string; name: string }): Promise<Membership[]> {
  const found = await membershipsOf(tx, user.id);
  if (found.length > 0) return found;
  // One maker at a time for each person; the second one finds what the first made.
  const there = await tx.select({ id: users.id }).from(users).where(eq(users.id, user.id)).for("no key update");
  if (there.length === 0) return [];
  const again = await membershipsOf(tx, user.id);
  if (again.length > 0) return again;
  const workspaceId = randomUUIDv7();
  const first = user.name.trim().split(/\s+/)[0] ?? "";
  const name = first === "" ? "My workspace" : `${first}’s workspace`;
  await tx.insert(workspaces).values({ id: workspaceId, name });
  await tx.insert(members).values({ workspaceId, userId: user.id, role: "owner" });
  await tx.insert(projects).values({ id: randomUUIDv7(), workspaceId, name: "My first project" });
  const actor = { type: "user", userId: user.id } as const;
  await audit(tx, { actor, workspaceId }, "workspace.created", workspaceId);
  return [{ workspaceId, name, role: "owner" }];
}
