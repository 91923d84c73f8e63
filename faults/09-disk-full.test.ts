import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { onTestFinished, test } from "vitest";
import { startTestApp } from "../server/test/harness.ts";
import { startServerProcess } from "../server/test/server-process.ts";
import { startProviderStandIn } from "../server/test/stand-ins/providers.ts";
import { migrate } from "../server/src/db/migrate.ts";
import { startPostgres } from "../server/src/embedded/postgres.ts";
import { startProxy } from "../server/test/proxy.ts";
import { onProcesses } from "./place.ts";
import { diskFull } from "./scenarios/disk-full.ts";

const portOf = (url: string): number => Number(new URL(url).port);

/** Whether PostgreSQL takes connections, or will once it has mended itself. */
async function accepts(url: string): Promise<boolean> {
  for (;;) {
    const client = new Client({ connectionString: url });
    const outcome = await client.connect().then(
      () => "yes",
      (error: Error & { code?: string }) => error.code ?? "",
    );
    await client.end().catch(() => {});
    // 57P03: it recovers.
    if (outcome !== "57P03") return outcome === "yes";
    await sleep(50);
  }
}

/** A disk of 224 MB of its own. Throws what to do where nobody may mount one. */
function mountDisk(folder: string): void {
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=224m", "tmpfs", folder], {
    encoding: "utf8",
  });
  if (status !== 0)
    throw new Error(`this fault needs a small disk of its own; run it as root (mount: ${stderr.trim()})`);
}

/** Fills the disk up to the last `left` bytes. Returns how to make room again. */
function fill(folder: string, left: number): () => void {
  const file = join(folder, "ballast");
  const { bavail, bsize } = statfsSync(folder);
  const handle = openSync(file, "w");
  const piece = Buffer.alloc(1 << 16);
  try {
    for (let written = 0; written < bavail * bsize - left;) written += writeSync(handle, piece);
  } catch {
    // PostgreSQL writes too: full sooner than reckoned is full all the same.
  }
  closeSync(handle);
  return () => unlinkSync(file);
}

test("the disk fills up under load: what can't be kept is refused and not counted, what was acknowledged is there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "charlie-full-"));
  mountDisk(folder);
  const settings = ["min_wal_size=32MB", "max_wal_size=64MB"];
  let postgres = await startPostgres(folder, { settings });
  onTestFinished(async () => {
    await postgres.stop();
    spawnSync("umount", ["--lazy", folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  await migrate(postgres.url);
  const proxy = await startProxy(portOf(postgres.url));
  const url = new URL(postgres.url);
  url.port = String(proxy.port);
  const provider = await startProviderStandIn();
  const app = await startTestApp({ databaseUrl: url.href });
  const server = await startServerProcess(url.href);
  await diskFull(onProcesses(app, [server.url], provider), async (left) => {
    const makeRoom = fill(folder, left);
    return async () => {
      makeRoom();
      // Where even its log found no room it ended itself, and whoever watches over it starts it again.
      if (await accepts(postgres.url)) return;
      postgres = await startPostgres(folder, { settings });
      proxy.leadTo(portOf(postgres.url));
    };
  });
  await server.terminate();
  await app.close();
  await provider.close();
  await proxy.close();
});
