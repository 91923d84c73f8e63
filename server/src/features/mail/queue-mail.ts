import { randomUUIDv7 } from "node:crypto";
import type { Tx } from "../../db/client.ts";
import { mails } from "../../db/schema/billing.ts";
import { enqueue } from "../../jobs/queue.ts";
import type { Letter } from "./letter.ts";

export interface QueuedMail extends Letter {
  /** What the mail is about, e.g. `welcome:<user id>`: the same key is never sent twice. */
  dedupeKey: string;
  to: string;
}

/**
 * Puts a mail into the outbox, to be sent if and when the caller's transaction commits. Needs an operator's
 * transaction. Returns false where this mail was queued before.
 */
export async function queueMail(tx: Tx, { dedupeKey, to, subject, text, html }: QueuedMail): Promise<boolean> {
  const id = randomUUIDv7();
  const added = await tx
    .insert(mails)
    .values({ id, dedupeKey, recipient: to, subject, text, html })
    .onConflictDoNothing({ target: mails.dedupeKey })
    .returning({ id: mails.id });
  if (added.length === 0) return false;
  await enqueue(tx, "send-mail", { id });
  return true;
}
