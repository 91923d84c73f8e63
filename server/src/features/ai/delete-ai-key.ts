import type { KeyProvider } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { aiKeys } from "../../db/schema/ai.ts";
import { notFound } from "../../errors.ts";
import { audit } from "../workspaces/index.ts";

/** Forgets the workspace's key for a provider. Throws 404 where none is saved. */
export async function deleteAiKey(ctx: Ctx, provider: KeyProvider): Promise<null> {
  needRole(ctx, "admin");
  return ctx.transaction(async (tx, inner) => {
    const [row] = await tx.delete(aiKeys).where(eq(aiKeys.provider, provider)).returning({ lastFour: aiKeys.lastFour });
    if (!row) throw notFound("key");
    await audit(tx, inner, "ai_key.deleted", provider, { provider, lastFour: row.lastFour });
    return null;
  });
}
