import { desc, eq } from "drizzle-orm";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { asOperator, type Database } from "../../db/client.ts";
import { mails } from "../../db/schema/billing.ts";
import { notFound } from "../../errors.ts";
import { pagePolicy, renderMailPage } from "./render-page.ts";

const shown = 50;

/** A mail's own page carries its inline styles and must not run or load anything. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `/mail`: the sandbox's mailbox. Everybody's mail stands there, so it must never be registered in production. */
export function mailPage(app: FastifyInstance, { db }: { db: Database }): void {
  app.get("/mail", { schema: { hide: true } }, async (_request, reply) => {
    const found = await asOperator(db, (tx) =>
      tx.select().from(mails).orderBy(desc(mails.createdAt), desc(mails.id)).limit(shown),
    );
    return reply
      .header("content-security-policy", pagePolicy)
      .header("cache-control", "no-store")
      .type("text/html; charset=utf-8")
      .send(renderMailPage(found));
  });

  app.get("/mail/:id", { schema: { hide: true } }, async (request, reply) => {
    const params = z.object({ id: z.uuid() }).safeParse(request.params);
    if (!params.success) throw notFound("mail");
    const [mail] = await asOperator(db, (tx) => tx.select().from(mails).where(eq(mails.id, params.data.id)));
    if (!mail) throw notFound("mail");
    return reply
      .header("content-security-policy", mailPolicy)
      .header("cache-control", "no-store")
      .type("text/html; charset=utf-8")
      .send(mail.html);
  });
}
