// Cursor lists: https://docs.stripe.com/api/pagination
import type { List } from "../types.ts";
import { invalid, missing } from "./errors.ts";
import { str, uint, type Param } from "./params.ts";

export const limit: Param<number> = {
  read(raw, path) {
    const value = uint.read(raw, path);
    if (value < 1 || value > 100) throw invalid("Invalid limit: must be between 1 and 100", path);
    return value;
  },
};

/** What every list takes. */
export const paging = { limit, starting_after: str, ending_before: str };

interface Paging {
  limit?: number;
  starting_after?: string;
  ending_before?: string;
}

/** One page of `rows`, which come newest first. */
export function page<T extends { id: string }>(rows: T[], params: Paging, url: string, what = "object"): List<T> {
  const size = params.limit ?? 10;
  if (params.starting_after && params.ending_before) {
    throw invalid("You may only specify one of these parameters: ending_before, starting_after.", "ending_before");
  }
  const at = (id: string, param: string) => {
    const index = rows.findIndex((row) => row.id === id);
    if (index < 0) throw missing(what, id, param);
    return index;
  };
  if (params.ending_before !== undefined) {
    const end = at(params.ending_before, "ending_before");
    const start = Math.max(0, end - size);
    return { object: "list", data: rows.slice(start, end), has_more: start > 0, url };
  }
  const start = params.starting_after === undefined ? 0 : at(params.starting_after, "starting_after") + 1;
  return { object: "list", data: rows.slice(start, start + size), has_more: start + size < rows.length, url };
}

/** A list that is part of an object, with all it holds. */
export function whole<T>(data: T[], url: string): List<T> {
  return { object: "list", data, has_more: false, url };
}
