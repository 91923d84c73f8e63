import { eq } from "drizzle-orm";
import type { Ctx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { users } from "../../db/schema/identity.ts";
import { notSignedIn } from "../../errors.ts";

/** Keeps whether this person lets us count what they do here. From the moment of a no nothing more is told. */
export async function setAnalyticsConsent(ctx: Ctx, { consent }: { consent: boolean }): Promise<null> {
  const { actor } = ctx;
  if (actor.type !== "user") throw notSignedIn();
  await asOperator(ctx.db, (tx) =>
    tx
      .update(users)
      .set({ analyticsConsent: consent, analyticsDecidedAt: new Date() })
      .where(eq(users.id, actor.userId)),
  );
  return null;
}
