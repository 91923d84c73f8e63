import { eq } from "drizzle-orm";
import { z } from "zod";
import { asOperator, type Database } from "../../db/client.ts";
import { mails } from "../../db/schema/billing.ts";
import type { MailSender } from "../../integrations/mail/index.ts";
import type { Jobs } from "../../jobs/queue.ts";

export interface MailServices {
  db: Database;
  /** Hands a mail over to the outside; `null` in a sandbox, where the mail page is the mailbox. */
  sender: MailSender | null;
}

/**
 * Sends a queued mail unless it was sent before. Throws what the sender throws, so that the queue tries again.
 * The row stays locked meanwhile: two workers never send at once. A crash after the hand-over is caught by the
 * mail's id, which goes along as the sender's idempotency key.
 */
export async function sendMail({ db, sender }: MailServices, id: string): Promise<void> {
  await asOperator(db, async (tx) => {
    const [mail] = await tx.select().from(mails).where(eq(mails.id, id)).for("update");
    if (!mail || mail.sentAt) return;
    if (sender) {
      await sender.send({ id, to: mail.recipient, subject: mail.subject, text: mail.text, html: mail.html });
    }
    await tx.update(mails).set({ sentAt: new Date() }).where(eq(mails.id, id));
  });
}

const payload = z.object({ id: z.uuid() });

export const mailJobs = (services: MailServices): Jobs => ({
  tasks: { "send-mail": (input) => sendMail(services, payload.parse(input).id) },
  crontab: "",
});
