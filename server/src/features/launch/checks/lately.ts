import { openDatabase } from "../../../db/client.ts";
import type { OperationName } from "../../../db/schema/operations.ts";
import { lastOperations, type Operation } from "../operations.ts";
import { type Check, check, NotYet, Wrong } from "./check.ts";

const hourMs = 3_600_000;

/** How long ago, in the unit that people would use. */
export function ago(from: Date, now = Date.now()): string {
  const hours = Math.floor((now - from.getTime()) / hourMs);
  if (hours < 1) return "within the last hour";
  return hours < 48 ? `${hours} ${hours === 1 ? "hour" : "hours"} ago` : `${Math.floor(hours / 24)} days ago`;
}

async function outcomesOf(url: string, name: OperationName): Promise<Operation[]> {
  const db = openDatabase(url, { max: 1 });
  try {
    return (await lastOperations(db)).filter((each) => each.name === name);
  } finally {
    await db.close();
  }
}

/** Whether an operation went well, and not too long ago. */
const wentWell = (
  name: OperationName,
  { looksAt, hours, notYet, todo }: { looksAt: string; hours: number; notYet: string; todo: string },
): Check =>
  check({
    id: `lately.${name}`,
    group: "lately",
    looksAt,
    variables: ["DATABASE_URL"],
    run: async ({ DATABASE_URL }) => {
      const outcomes = await outcomesOf(DATABASE_URL, name);
      const well = outcomes.find(({ ok }) => ok);
      const failed = outcomes.find(({ ok }) => !ok);
      if (!well && !failed) throw new NotYet("never so far", notYet);
      const { error } = failed?.detail ?? {};
      const why = typeof error === "string" ? `: ${error}` : "";
      if (failed && (!well || failed.endedAt > well.endedAt))
        throw new Wrong(`the last one failed, ${ago(failed.endedAt)}${why}`, todo);
      if (well && Date.now() - well.endedAt.getTime() > hours * hourMs)
        throw new Wrong(`the last good one was ${ago(well.endedAt)}`, todo);
      return `went well ${ago(well?.endedAt ?? new Date())}`;
    },
  });

export const latelyChecks = [
  wentWell("backup", {
    looksAt: "The last backup went well, within 26 hours",
    hours: 26,
    notYet: "The first one is made within a day of the first deploy.",
    todo: "Look at the log of the service backup.",
  }),
  wentWell("restore_check", {
    looksAt: "A backup was restored and compared, within 8 days",
    hours: 8 * 24,
    notYet: "It is done every week, after a backup.",
    todo: "Look at the log of the service backup.",
  }),
  wentWell("certificate", {
    looksAt: "The certificate that is served was compared with the one on disk, within 2 days",
    hours: 48,
    notYet: "It is done twice a day once deploy/ runs.",
    todo: "Look at the log of the service certbot.",
  }),
];
