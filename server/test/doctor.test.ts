import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LaunchCheck } from "@charlie/contract";
import { expect, onTestFinished, test } from "vitest";
import { cloneDatabase } from "./database.ts";
import { withClient } from "../src/features/launch/checks/database.ts";

const script = join(import.meta.dirname, "../../scripts/doctor.ts");

/** Runs `npm run doctor` as npm does, with nothing else in the environment. */
async function doctor(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--", script, ...args], { env: { PATH: process.env["PATH"], ...env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

interface Report {
  ready: boolean;
  at: string;
  checks: LaunchCheck[];
}

test("on an empty environment it lists all that is missing, group by group, and nothing fails", async () => {
  const { code, stdout, stderr } = await doctor([]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  for (const part of [
    "PUBLIC_URL is not set",
    "STRIPE_SECRET_KEY is not set",
    "npm run setup asks for it.",
    "Payments",
  ])
    expect(stdout).toContain(part);
  expect(stdout).toMatch(/Not ready to launch yet\. 1 ok, 0 failed, \d\d missing, \d+ not used\.\n$/);
  expect(stdout).not.toMatch(/FAILED|\bat .*\.ts:/);
});

test("of a file it tells programs what it found, and writes it down where the launch page reads it", async () => {
  const database = await cloneDatabase();
  const folder = mkdtempSync(join(tmpdir(), "charlie-doctor-"));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  });
  const file = join(folder, ".env.production");
  writeFileSync(file, `DATABASE_URL=${database.url}\nBETTER_AUTH_SECRET=changeme\n`);
  const { code, stdout } = await doctor(["--json", "--env-file", file], { BETTER_AUTH_SECRET: "the file's counts" });
  expect(code).toBe(1);
  const report = JSON.parse(stdout) as Report;
  expect(report.ready).toBe(false);
  const stateOf = (id: string) => report.checks.find((check) => check.id === id);
  expect(stateOf("database.version")).toMatchObject({ state: "ok" });
  expect(stateOf("sign-in.secret")).toMatchObject({
    state: "failed",
    found: "BETTER_AUTH_SECRET is a placeholder, not a secret",
  });
  const { rows } = await withClient(database.url, (client) =>
    client.query<{ ok: boolean; detail: { checks: LaunchCheck[] } }>(
      "select ok, detail from operations where name = 'doctor'",
    ),
  );
  expect(rows).toEqual([{ ok: false, detail: { checks: report.checks } }]);
});

test("what it cannot read, it says in a line", async () => {
  expect(await doctor(["--env-file", "/nowhere/.env"])).toEqual({
    code: 2,
    stdout: "",
    stderr: "/nowhere/.env cannot be read. npm run setup writes it.\n",
  });
  expect(await doctor(["--wrong"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("npm run doctor --") as string,
  });
});
