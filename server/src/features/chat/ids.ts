import { randomUUIDv7 } from "node:crypto";

const msOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** The same id at another time, in ms since the epoch: the first 48 bits of a UUIDv7 (RFC 9562, section 5.7). */
function movedTo(ms: number, id: string): string {
  const hex = ms.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`;
}

/**
 * Two new ids, in order: a question's and its answer's. Both are greater than `last`, also where another server's clock
 * was ahead when it was made: a conversation is read in the order of its ids, and from its own id on.
 */
export function idsAfter(last: string): [question: string, answer: string] {
  const later = (id: string): string => (id > last ? id : movedTo(msOf(last) + 1, id));
  // Two ids of the same millisecond are in no order.
  const [question = "", answer = ""] = [later(randomUUIDv7()), later(randomUUIDv7())].toSorted();
  return [question, answer];
}
