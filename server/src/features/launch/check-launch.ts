import type { Launch, LaunchCheck } from "@charlie/contract";
import type { OperatorCtx } from "../../context.ts";
import type { Database } from "../../db/client.ts";
import { launchChecks, runChecks, isReady, type Examined } from "./checks/index.ts";
import { getLaunch } from "./get-launch.ts";
import { recordOperation } from "./operations.ts";

/** Writes a run of the checks down, so that the launch page shows it. */
export const recordChecks = (db: Database, checks: LaunchCheck[], startedAt: Date): Promise<void> =>
  recordOperation(db, { name: "doctor", ok: isReady(checks), detail: { checks }, startedAt });

/** Looks at every setting and every outside service, writes down what was found, and answers with it. */
export async function checkLaunch(ctx: OperatorCtx, examined: Examined): Promise<Launch> {
  const startedAt = new Date();
  await recordChecks(ctx.db, await runChecks(launchChecks, examined), startedAt);
  return getLaunch(ctx);
}
