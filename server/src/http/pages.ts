import { z } from "zod";
import { badRequest } from "../errors.ts";

/** A place in a list: the sort value and id of the last item seen, in one opaque string. */
export const cursorOf = (...parts: string[]): string => Buffer.from(JSON.stringify(parts)).toString("base64url");

/** Reads a cursor whose parts the schema describes. Throws 400 where it is not one of ours. */
export function readCursor<Parts extends z.ZodTuple>(cursor: string, parts: Parts): z.output<Parts> {
  const read = parts.safeParse(jsonOf(Buffer.from(cursor, "base64url").toString("utf8")));
  if (read.success) return read.data;
  throw badRequest("invalid_cursor", "This cursor is not one that we gave out. Start again without it.");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The place in a list that is sorted by id alone. */
export const idPlace = z.tuple([z.uuid()]);

/** Cuts the one row that was read beyond `limit` and tells where the next page starts. */
export function pageOfRows<Row, Item>(
  rows: Row[],
  limit: number,
  present: (row: Row) => Item,
  place: (row: Row) => string[],
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(present), nextCursor: rows.length > limit && last ? cursorOf(...place(last)) : null };
}
