import { eq } from "drizzle-orm";
import { makeCtx } from "../context.ts";
import { asOperator, type Database } from "../db/client.ts";
import { mails } from "../db/schema/billing.ts";
import { users } from "../db/schema/identity.ts";
import { createAgent } from "../features/agents/index.ts";
import type { Auth } from "../features/identity/index.ts";
import { ensureWorkspace } from "../features/workspaces/index.ts";

/** The demo account of a sandbox; sign-in page and terminal show it. */
export const demoAccount = { email: "demo@charlie.example", password: "sit-and-stay" };

const bakery = {
  name: "Charlie at the bakery",
  who: "You are Charlie, who helps customers of the Sunrise Bakery in Elm Street. You are warm and quick.",
  rules:
    "Be friendly and brief. Never promise a discount. If you do not know something, say so and give our phone number: 555 0142.",
  tricks: [
    "We open at 7 in the morning and close at 6 in the evening, Monday to Saturday. On Sundays we are closed.",
    "A loaf of sourdough costs $6.50, a butter croissant $2.80.",
    "Birthday cakes have to be ordered two days ahead. A cake for ten people costs $38.",
    "We deliver within five miles; delivery costs $4 and is free from $40.",
    "Our rye bread is baked without milk, eggs or nuts.",
  ].join("\n"),
};

/** Makes the demo account with one taught agent, unless it is there already. */
export async function ensureDemo(db: Database, auth: Auth): Promise<void> {
  const found = await asOperator(db, (tx) => tx.select().from(users).where(eq(users.email, demoAccount.email)));
  if (found.length > 0) return;
  const { user } = await auth.api.signUpEmail({ body: { ...demoAccount, name: "Demo" } });
  await asOperator(db, async (tx) => {
    await tx.update(users).set({ emailVerified: true }).where(eq(users.id, user.id));
    // Nobody has to confirm an address that is no one's; the letter would be the first thing in the mailbox.
    await tx.delete(mails).where(eq(mails.recipient, demoAccount.email));
  });
  const [own] = await ensureWorkspace(db, user);
  if (!own) throw new Error("the demo account has no workspace");
  const actor = { type: "user", userId: user.id } as const;
  await createAgent(makeCtx({ actor, role: own.role, workspaceId: own.workspaceId, db }), bakery);
}
