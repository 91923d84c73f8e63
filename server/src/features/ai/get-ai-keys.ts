import type { AiKey, KeyProvider } from "@charlie/contract";
import { asc, eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { aiKeys } from "../../db/schema/ai.ts";
import { notFound } from "../../errors.ts";

/** A saved key as it is shown: never the key itself. */
export const presentKey = ({ provider, lastFour, baseUrl, checkedAt }: typeof aiKeys.$inferSelect): AiKey => ({
  provider,
  lastFour,
  baseUrl,
  checkedAt: checkedAt.toISOString(),
});

/** The workspace's saved keys, by provider and last four characters. */
export async function listAiKeys(ctx: Ctx): Promise<{ items: AiKey[] }> {
  needRole(ctx, "admin");
  return ctx.transaction(async (tx) => {
    const rows = await tx.select().from(aiKeys).orderBy(asc(aiKeys.provider));
    return { items: rows.map(presentKey) };
  });
}

/** One saved key. Throws 404 where none is saved. */
export async function getAiKey(ctx: Ctx, provider: KeyProvider): Promise<AiKey> {
  needRole(ctx, "admin");
  return ctx.transaction(async (tx) => {
    const [row] = await tx.select().from(aiKeys).where(eq(aiKeys.provider, provider));
    if (!row) throw notFound("key");
    return presentKey(row);
  });
}
