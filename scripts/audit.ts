/**
 * `npm run audit`: whether counters, answers, ledger and history agree, over everything, on a database that may be in use.
 * Looks at `DATABASE_URL`, else at the database of a running `npm start` on `CHARLIE_DATA_DIR`. Ends with 0 where all is
 * well, 1 where something differs (each difference with its ids), 2 where it could not look. `--json` prints data.
 */
import { resolve } from "node:path";
import { openDatabase } from "../server/src/db/client.ts";
import { runningPostgres } from "../server/src/embedded/running-postgres.ts";
import { auditEverything, type Audit } from "../server/src/features/usage/index.ts";

/** The database to look at. Throws one line that says what to do where there is none. */
function findUrl(): string {
  const given = process.env["DATABASE_URL"]?.trim();
  if (given) return given;
  const folder = resolve(process.env["CHARLIE_DATA_DIR"]?.trim() || ".charlie");
  const running = runningPostgres(folder);
  if (running === null)
    throw new Error(`No service runs on ${folder}. Start it with npm start, or set DATABASE_URL to the database.`);
  return running;
}

const counted = (count: number, what: string): string =>
  `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

function told({ differences, answers, workspaces, outsideMonths }: Audit, seconds: string): string {
  const lines = differences.map(
    ({ invariant, workspaceId, subject, expected, found }) =>
      `${invariant}  workspace ${workspaceId}  ${subject}  expected ${expected}, found ${found}`,
  );
  if (outsideMonths > 0)
    lines.push(
      `Note: ${counted(outsideMonths, "row")} outside every month's partition. They are safe, but a server's clock is wrong, or the nightly housekeeping does not run.`,
    );
  const seen = `${counted(answers, "answer")} of ${counted(workspaces, "workspace")}, ${seconds} s`;
  lines.push(
    differences.length === 0
      ? `Counters, answers, ledger and history agree (${seen}).`
      : `${counted(differences.length, "difference")} (${seen}).`,
  );
  return lines.join("\n");
}

try {
  const started = performance.now();
  const db = openDatabase(findUrl(), { max: 1 });
  let audit: Audit;
  try {
    audit = await auditEverything(db);
  } finally {
    await db.close();
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(
    process.argv.includes("--json") ? JSON.stringify({ ...audit, seconds: Number(seconds) }) : told(audit, seconds),
  );
  process.exitCode = audit.differences.length === 0 ? 0 : 1;
} catch (error) {
  console.error(`The audit could not look: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
