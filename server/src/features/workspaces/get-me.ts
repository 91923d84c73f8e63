import { planOf, type Me, type Role, type Workspace } from "@charlie/contract";
import { eq } from "drizzle-orm";
import type { Ctx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { users } from "../../db/schema/identity.ts";
import { members, workspaces } from "../../db/schema/workspaces.ts";
import { notFound, notSignedIn } from "../../errors.ts";
import { isOperator, type Operators } from "../../operators.ts";

/** A workspace row as the contract shows it, with its plan's limits and features. */
export function presentWorkspace(row: typeof workspaces.$inferSelect, role: Role): Workspace {
  const { limits, features } = planOf(row.plan);
  return { id: row.id, name: row.name, role, plan: row.plan, limits, features };
}

/** Who is signed in, all their workspaces, the one this request acts in, and whether they run the service. */
export async function getMe(ctx: Ctx, operators: Operators): Promise<Me> {
  const { actor } = ctx;
  if (actor.type !== "user") throw notSignedIn();
  const [user, memberships] = await asOperator(ctx.db, async (tx) => [
    (await tx.select().from(users).where(eq(users.id, actor.userId)))[0],
    await tx
      .select({ id: workspaces.id, name: workspaces.name, role: members.role })
      .from(members)
      .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
      .where(eq(members.userId, actor.userId))
      .orderBy(members.createdAt, workspaces.id),
  ]);
  if (!user) throw notSignedIn();
  const [row] = await ctx.transaction((tx) => tx.select().from(workspaces).where(eq(workspaces.id, ctx.workspaceId)));
  if (!row) throw notFound("workspace");
  return {
    user: {
      id: user.id,
      name: user.name,
      email: user.email,
      emailVerified: user.emailVerified,
      analyticsConsent: user.analyticsConsent,
    },
    workspaces: memberships,
    workspace: presentWorkspace(row, ctx.role),
    operator: isOperator(operators, user),
  };
}
