import type { OperationName } from "../../../db/schema/operations.ts";
import { ago, hourMs, outcomesOf } from "../outcomes.ts";
import { type Check, check, NotYet, Wrong } from "./check.ts";

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
