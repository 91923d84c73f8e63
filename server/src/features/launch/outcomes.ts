import { openDatabase } from "../../db/client.ts";
import type { OperationName } from "../../db/schema/operations.ts";
import { lastOperations, type Operation } from "./operations.ts";

export const hourMs = 3_600_000;

/** How long ago, in the unit that people would use. */
export function ago(from: Date, now = Date.now()): string {
  const hours = Math.floor((now - from.getTime()) / hourMs);
  if (hours < 1) return "within the last hour";
  return hours < 48 ? `${hours} ${hours === 1 ? "hour" : "hours"} ago` : `${Math.floor(hours / 24)} days ago`;
}

/** How an operation ended last, and when it last went well, in the database of this address. */
export async function outcomesOf(url: string, name: OperationName): Promise<Operation[]> {
  const db = openDatabase(url, { max: 1, onError: () => {} });
  try {
    return (await lastOperations(db)).filter((each) => each.name === name);
  } finally {
    await db.close();
  }
}

/** When an operation last went well; `undefined` where it never did. */
export const lastWell = async (url: string, name: OperationName): Promise<Operation | undefined> =>
  (await outcomesOf(url, name)).find(({ ok }) => ok);
