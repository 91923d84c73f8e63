import { sql } from "drizzle-orm";
import { asOperator, type Database } from "../../db/client.ts";
import type { Log } from "../../log.ts";

/** Nobody shall wait for these locks; see `makeMonths`. */
const brief = sql`set local lock_timeout = '300ms'`;

/** `messages_2026_01` in `partitions`: attached, and so called again once it is detached and waits to be counted. */
const monthOf = (name: string): string => `${name.slice(-7).replace("_", "-")}-01`;

async function namesOf(db: Database, pattern: string, before: string): Promise<string[]> {
  const { rows } = await db.operator.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'partitions'::regnamespace and relkind = 'r'
       and relname ~ $1 and right(relname, 7) < $2 order by 1`,
    [pattern, before],
  );
  return rows.map(({ name }) => name);
}

/**
 * Takes a month out of sight: a moment's lock, however many messages. From here on its ledger rows are compared by their
 * number. Throws where an answer in it still runs, or the lock could not be had.
 */
const detach = (db: Database, name: string): Promise<void> =>
  asOperator(db, async (tx) => {
    const part = sql`partitions.${sql.identifier(name)}`;
    await tx.execute(brief);
    await tx.execute(sql`alter table messages detach partition ${part}`);
    await tx.execute(sql`alter table ${part} rename to ${sql.identifier(`retiring_${name}`)}`);
    await tx.execute(
      sql`insert into retired_messages (workspace_id, month) select id, ${monthOf(name)}::date from workspaces
        on conflict (workspace_id, month) do nothing`,
    );
  });

/** Counts what is out of sight, by workspace, and drops it. */
async function countAndDrop(db: Database, name: string): Promise<void> {
  await asOperator(db, async (tx) => {
    const part = sql`partitions.${sql.identifier(name)}`;
    await tx.execute(
      sql`insert into retired_messages (workspace_id, month, answers)
        select workspace_id, ${monthOf(name)}::date, count(*) from ${part}
        where role = 'assistant' and state in ('complete', 'stopped') group by 1
        on conflict (workspace_id, month)
        do update set answers = coalesce(retired_messages.answers, 0) + excluded.answers`,
    );
    await tx.execute(sql`delete from retired_messages where month = ${monthOf(name)}::date and answers is null`);
    await tx.execute(brief);
    await tx.execute(sql`drop table ${part}`);
  });
}

/** The same for what the net holds of those months: rows that a wrong clock dated so far back. */
const retireStrays = (db: Database, before: string): Promise<unknown> =>
  asOperator(db, (tx) =>
    tx.execute(sql`
      with gone as (
        delete from messages where id < first_id(${before}::timestamptz) and state <> 'answering'
        returning workspace_id, role, state, month_of(id) as month
      )
      insert into retired_messages (workspace_id, month, answers)
      select workspace_id, month, count(*) from gone
      where role = 'assistant' and state in ('complete', 'stopped') group by 1, 2
      on conflict (workspace_id, month) do update set answers = coalesce(retired_messages.answers, 0) + excluded.answers`),
  );

/** Conversations that were begun and last used before, and of which nothing is left. */
const dropEmpty = (db: Database, before: string): Promise<unknown> =>
  asOperator(db, (tx) =>
    tx.execute(sql`
      delete from conversations c
      where c.id < first_id(${before}::timestamptz) and updated_at < ${before}::timestamptz and not exists (
        select from messages m where m.workspace_id = c.workspace_id and m.conversation_id = c.id and m.id > c.id)`),
  );

/**
 * Removes the messages of whole months (UTC) that ended more than `months` months ago, and the conversations that are
 * empty by that. Counters, ledger and history stay, so every cost can still be proved; what was removed is on record as
 * numbers. Each step is whole by itself: after a failure the next run goes on. Returns how many months were dropped.
 */
export async function retireMessages(
  { db, log }: { db: Database; log: Pick<Log, "info"> },
  months: number,
  now = new Date(),
): Promise<number> {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString();
  const before = first.slice(0, 7).replace("-", "_");
  for (const name of await namesOf(db, "^messages_[0-9]{4}_[0-9]{2}$", before)) await detach(db, name);
  const waiting = await namesOf(db, "^retiring_messages_[0-9]{4}_[0-9]{2}$", before);
  for (const name of waiting) await countAndDrop(db, name);
  await retireStrays(db, first);
  await dropEmpty(db, first);
  if (waiting.length > 0) log.info({ months: waiting.map(monthOf) }, "removed the messages of old months");
  return waiting.length;
}
