import { eq } from "drizzle-orm";
import type { Ctx, OperatorCtx } from "./context.ts";
import { asOperator } from "./db/client.ts";
import { users } from "./db/schema/identity.ts";

/** Who runs the service, by their addresses in small letters. */
export type Operators = ReadonlySet<string>;

/** Reads a list like `anna@example.org, Ben@example.org`. */
export const operatorsOf = (list: string): Operators =>
  new Set(
    list
      .split(",")
      .map((address) => address.trim().toLowerCase())
      .filter(Boolean),
  );

/** Whether somebody runs the service. Their address has to be confirmed: anybody can sign up with anybody's. */
export const isOperator = (
  operators: Operators,
  { email, emailVerified }: { email: string; emailVerified: boolean },
): boolean => emailVerified && operators.has(email.toLowerCase());

/** The same context for verbs of the operator's pages; `null` for everybody else. */
export async function operatorCtx(operators: Operators, ctx: Ctx): Promise<OperatorCtx | null> {
  const { actor } = ctx;
  if (operators.size === 0 || actor.type !== "user") return null;
  const [user] = await asOperator(ctx.db, (tx) => tx.select().from(users).where(eq(users.id, actor.userId)));
  return user && isOperator(operators, user) ? { ...ctx, operator: true } : null;
}
