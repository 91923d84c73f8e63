import { afterAll, beforeAll, expect, test } from "vitest";
import { startStore, type Store } from "../../backup/test/store.ts";
import { startBackupHost, type BackupHost } from "../backup-host.ts";
import { must } from "../engine.ts";

// Point-in-time recovery on the production compose file: back to a moment before a mistake, and back after the host was
// lost. The archive is a volume of its own here.

let store: Store;
let host: BackupHost;
beforeAll(async () => {
  await must("docker", ["build", "--quiet", "--network", "host", "--tag", "charlie:pitr-test", "deploy/pitr"]);
  store = await startStore();
  host = await startBackupHost(store, 2_000, {
    PITR: "1",
    IMAGE_PITR: "charlie:pitr-test",
    PITR_PASSPHRASE: "only for this test",
    PITR_REPOSITORY: "posix",
    PITR_PATH: "/var/lib/pgbackrest",
  });
});
afterAll(async () => {
  await host?.close();
  await store?.close();
});

const inPostgres = (...command: string[]): Promise<string> =>
  host.compose("exec", "-T", "--user", "postgres", "postgres", ...command);
const names = async () => (await host.rows("select name from workspaces where plan = 'team'")).map(({ name }) => name);

test("within 60 s whatever is written leaves the host, and a copy to play it back onto is made by itself", async () => {
  expect(await host.rows("show archive_timeout")).toEqual([{ archive_timeout: "1min" }]);
  await expect
    .poll(() => inPostgres("pgbackrest", "info", "--output=json"), { timeout: 170_000, interval: 1_000 })
    .toMatch(/"type":"full"/);
  expect(await inPostgres("sh", "-c", "grep -rl Bäckerei /var/lib/pgbackrest || true")).toBe("");
});

test("back to the moment before a mistake: what came later is gone, what was before is there, the audit finds nothing", async () => {
  await host.rows("update workspaces set name = 'before the mistake' where plan = 'team'");
  // A copy is for the moments of later seconds than the one in which it was finished.
  await host.rows("select pg_sleep(1)");
  const [{ now } = { now: "" }] = await host.rows("select clock_timestamp()::text as now");
  await host.rows("delete from workspaces");
  const asked = await host.restoreTo(String(now));
  expect([asked.code, asked.output]).toEqual([1, expect.stringContaining("with --yes it goes back")]);
  expect(await names()).toEqual([]);
  const back = await host.restoreTo(String(now), "--yes");
  expect(back.code, back.output).toBe(0);
  expect(back.output).toContain("Counters, answers, ledger and history agree (1,000 answers");
  expect(await names()).toEqual(["before the mistake"]);
});

test("a host that is lost comes back from the archive alone, with all that had reached it", async () => {
  await host.rows("update workspaces set name = 'written last' where plan = 'team'");
  const [{ segment } = { segment: "" }] = await host.rows("select pg_walfile_name(pg_switch_wal()) as segment");
  await expect
    .poll(
      async () =>
        (await host.rows("select last_archived_wal >= '" + String(segment) + "' as there from pg_stat_archiver"))[0],
      {
        timeout: 60_000,
      },
    )
    .toEqual({ there: true });
  await host.compose("kill", "postgres");
  await host.compose("rm", "--force", "postgres");
  await must("docker", ["volume", "rm", `${host.name}_postgres`]);
  const back = await host.restoreTo("latest");
  expect(back.code, back.output).toBe(0);
  expect(await names()).toEqual(["written last"]);
});
