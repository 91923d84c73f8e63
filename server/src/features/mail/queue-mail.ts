import { randomUUIDv7 } from "node:crypto";
import { sql } from "drizzle-orm";
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

/** How many mails anybody who knows an address can have sent to it in 24 hours, by asking for resets and confirmations. */
const askedPerDay = 10;

/**
 * As `queueMail`, for mails that people ask for without being signed in (`reset:` and `confirm:` keys): from the
 * eleventh within 24 hours on it queues nothing and returns false, so that nobody's mailbox can be flooded.
 */
export async function queueAskedMail(tx: Tx, mail: QueuedMail): Promise<boolean> {
  // Those that come at the same time are counted one after the other.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`asked-mail:${mail.to}`}, 0))`);
  const { rowCount } = await tx.execute(sql`
    select from mails
    where created_at > now() - interval '24 hours' and recipient = ${mail.to} and dedupe_key ~ '^(reset|confirm):'
    limit ${askedPerDay}`);
  return (rowCount ?? 0) < askedPerDay && queueMail(tx, mail);
}
