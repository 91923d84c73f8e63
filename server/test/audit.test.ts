import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { asOperator } from "../src/db/client.ts";
import { migrate } from "../src/db/migrate.ts";
import { startPostgres } from "../src/embedded/postgres.ts";
import { findDifferences, type Audit } from "../src/features/usage/index.ts";
import { askToEnd, teach } from "./chat.ts";
import { freePort } from "../src/embedded/free-port.ts";
import { startTestApp, type TestApp } from "./harness.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ deps: { brainTimings: { offlinePauseMs: 0 } } });
});
afterAll(() => app.close());

interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `npm run audit`'s script as people do, in a process of its own. */
const audit = (env: Record<string, string>, ...args: string[]): Promise<Said> =>
  new Promise((resolve) => {
    const script = join(import.meta.dirname, "../../scripts/audit.ts");
    const options = { env: { PATH: process.env["PATH"], ...env } };
    const child = execFile(process.execPath, [script, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

test("on a database in use it finds nothing, again and again", async () => {
  const pat = await app.signUp({ plan: "team" });
  const agent = await teach(pat);
  const stop = new AbortController();
  let asked = 0;
  const busy = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      expect((await askToEnd(pat, agent.id, { text: "When do you open?" })).state).toBe("complete");
      asked += 1;
    }
  };
  const readers = [busy(), busy(), busy(), busy()];
  for (let time = 0; time < 3; time += 1) {
    const before = asked;
    const { code, stdout } = await audit({ DATABASE_URL: app.databaseUrl }, "--json");
    const seen = JSON.parse(stdout) as Audit;
    expect([code, seen.differences, seen.outsideMonths]).toEqual([0, [], 0]);
    expect(seen.answers).toBeGreaterThanOrEqual(before);
  }
  stop.abort();
  await Promise.all(readers);
});

test("nobody waits for it: answers begin and end while its snapshot is open, which goes on seeing what it saw", async () => {
  const pat = await app.signUp();
  const agent = await teach(pat);
  await asOperator(app.db, async (tx) => {
    await tx.execute(sql`set transaction isolation level repeatable read, read only`);
    expect(await findDifferences(tx)).toEqual([]);
    for (let time = 0; time < 5; time += 1)
      expect((await askToEnd(pat, agent.id, { text: "When do you open?" })).state).toBe("complete");
    expect(await findDifferences(tx)).toEqual([]);
  });
});

test("each difference is listed with its ids, in words and as data, and the exit code is 1", async () => {
  const pat = await app.signUp();
  const agent = await teach(pat);
  const { started } = await askToEnd(pat, agent.id, { text: "When do you open?" });
  const { operator } = app.db;
  const mine = [pat.workspaceId];
  await operator.query(
    "update usage_metrics set value = value + 1 where workspace_id = $1 and metric_type = 'messages'",
    mine,
  );
  await operator.query("update usage_daily set cost_micros = 7 where workspace_id = $1", mine);
  await operator.query(
    "insert into usage_metrics select workspace_id, 'ai_cost_micros', 5, period_start, period_end from usage_metrics where workspace_id = $1 and metric_type = 'messages'",
    mine,
  );
  await operator.query("update messages set state = 'failed' where id = $1", [started.messageId]);
  const { code, stdout } = await audit({ DATABASE_URL: app.databaseUrl }, "--json");
  expect(code).toBe(1);
  const { differences } = JSON.parse(stdout) as Audit;
  expect(new Set(differences.map(({ workspaceId }) => workspaceId))).toEqual(new Set(mine));
  expect(differences.map(({ invariant, expected, found }) => [invariant, expected, found])).toEqual([
    ["cost_counter", 0, 5],
    ["daily_rows", 0, 7],
    ["ledger_rows", 0, 1],
    ["messages_counter", 1, 2],
  ]);
  const told = await audit({ DATABASE_URL: app.databaseUrl });
  expect(told.code).toBe(1);
  expect(told.stdout).toContain(`ledger_rows  workspace ${pat.workspaceId}  ${started.messageId}  expected 0, found 1`);
  expect(told.stdout).toContain("4 differences");
});

test("it finds the database of a data folder in use, and says 2 where it cannot look", async () => {
  const folder = mkdtempSync(join(tmpdir(), "charlie-audit-"));
  const nothing = await audit({ CHARLIE_DATA_DIR: folder });
  expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining(`No service runs on ${folder}.`)]);
  const postgres = await startPostgres(folder, { settings: ["fsync=off"] });
  await migrate(postgres.url);
  const fine = await audit({ CHARLIE_DATA_DIR: folder });
  expect([fine.code, fine.stderr]).toEqual([0, ""]);
  expect(fine.stdout).toContain("Counters, answers, ledger and history agree (0 answers of 0 workspaces");
  await postgres.stop();
  expect((await audit({ CHARLIE_DATA_DIR: folder })).code).toBe(2);
  rmSync(folder, { recursive: true, force: true });
  expect((await audit({ DATABASE_URL: `postgres://x@127.0.0.1:${await freePort()}/x` })).code).toBe(2);
});
