import { type Launch, launchCheck, operationNames } from "@charlie/contract";
import { z } from "zod";
import type { OperatorCtx } from "../../context.ts";
import { lastOperations, type Operation } from "./operations.ts";

const newest = (all: readonly Operation[]): Operation | undefined =>
  all.toSorted((one, other) => other.endedAt.getTime() - one.endedAt.getTime())[0];

/** Another release may have written them in another form; then they are not shown. */
const kept = z.object({ checks: z.array(launchCheck) });

function presentChecked(run: Operation | undefined): Launch["checked"] {
  const found = kept.safeParse(run?.detail);
  return run && found.success ? { at: run.endedAt.toISOString(), ready: run.ok, checks: found.data.checks } : null;
}

/** What the newest run of the checks found, and how the newest backup, restore check and certificate check ended. */
export async function getLaunch({ db }: OperatorCtx): Promise<Launch> {
  const all = await lastOperations(db);
  const outcomesOf = (name: Operation["name"]) => all.filter((each) => each.name === name);
  return {
    checked: presentChecked(newest(outcomesOf("doctor"))),
    operations: operationNames.flatMap((name) => {
      const last = newest(outcomesOf(name));
      const well = outcomesOf(name).find(({ ok }) => ok);
      if (!last) return [];
      const { ok, detail, endedAt } = last;
      return [{ name, ok, detail, endedAt: endedAt.toISOString(), lastWellAt: well?.endedAt.toISOString() ?? null }];
    }),
  };
}
