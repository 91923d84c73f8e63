import { sql, type SQL } from "drizzle-orm";
import type { Tx } from "../../db/client.ts";

/** So many workspaces or people with the same words are looked up; more of them are so common that the newest ones are found by looking. */
const mostFound = 1_000;
/** So many customers are looked at for one page. */
const mostLookedAt = 1_500;

/** Words of which each has to begin one of a name or an address. PostgreSQL makes capitals small, here as in its index. */
function queryOf(search: string): SQL {
  const words = search.match(/[\p{L}\p{N}]+/gu) ?? [];
  return sql`to_tsquery('simple', ${words.map((word) => `'${word}':*`).join(" & ")})`;
}

// As the two indexes of words have them.
const named = sql`to_tsvector('simple', w.name)`;
const called = sql`to_tsvector('simple', u.name || ' ' || translate(u.email, '@.-_+', '     '))`;

const idsOf = async (tx: Tx, ids: SQL): Promise<string[]> =>
  (await tx.execute<{ id: string }>(ids)).rows.map(({ id }) => id);

/** Workspaces that have these words in their name, or people that have; `null` where these are too many to list. */
async function findByWords(tx: Tx, words: SQL): Promise<string[] | null> {
  // PostgreSQL cannot know how rare the beginning of a word is, and might read the table instead of the index.
  await tx.execute(sql`set local enable_seqscan = off`);
  const ids = await idsOf(tx, sql`select w.id from workspaces w where ${named} @@ ${words} limit ${mostFound}`);
  const people = await idsOf(tx, sql`select u.id from users u where ${called} @@ ${words} limit ${mostFound}`);
  if (ids.length === mostFound || people.length === mostFound) return null;
  const theirs = await idsOf(
    tx,
    sql`select workspace_id as id from members where user_id = any(${sql.param(people)}::uuid[])`,
  );
  return [...ids, ...theirs];
}

/**
 * Narrows a list of ids (`each`, sorted from the newest one down) to workspaces that have these words, or whose people
 * have. However common the words are, a page looks at so many rows and no more: then it may hold fewer than there is
 * room for, and `edge` is how far it looked.
 */
export async function byWords(tx: Tx, search: string, each: SQL): Promise<{ where: SQL; edge: string | undefined }> {
  const words = queryOf(search);
  const found = await findByWords(tx, words);
  if (found) return { where: sql`id = any(${sql.param(found)}::uuid[])`, edge: undefined };
  const [edge] = await idsOf(tx, sql`${each} offset ${mostLookedAt - 1} limit 1`);
  const has = sql`exists (
    select from workspaces w where w.id = each.id and ${named} @@ ${words}
    union all select from members m join users u on u.id = m.user_id where m.workspace_id = each.id and ${called} @@ ${words})`;
  return { where: edge === undefined ? has : sql`id >= ${edge} and ${has}`, edge };
}
