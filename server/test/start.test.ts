import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import type { Agent, Me, Project } from "@charlie/contract";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { ask, heard } from "./chat.ts";
import { makeClient, type Client } from "./client.ts";
import { demoAccount } from "../src/embedded/demo.ts";
import { freePort } from "../src/embedded/free-port.ts";
import {
  freshFolder,
  isRunning,
  killAll,
  ownerOf,
  postgresOf,
  startMain,
  startNpm,
  untilGone,
} from "./main-process.ts";
import { startProviderStandIn } from "./stand-ins/providers.ts";

// Whole servers with their databases are started here.
vi.setConfig({ testTimeout: 120_000 });

const folders: string[] = [];
const folder = (): string => {
  const made = freshFolder();
  folders.push(made);
  return made;
};
afterEach(killAll);
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

async function signInAsDemo(url: string): Promise<Client> {
  const client = makeClient(url);
  expect((await client.post("/api/auth/sign-in/email", demoAccount)).status).toBe(200);
  return client;
}
const projectOf = async (client: Client): Promise<Project | undefined> =>
  (await client.get<{ items: Project[] }>("/api/v1/projects")).body.items[0];

test("starts with nothing set, ends without a trace, starts again with all data, and recovers from kill -9", async () => {
  // Below a folder that only its owner may enter, as a clone in /root is; PostgreSQL runs as somebody else there.
  const parent = folder();
  expect(statSync(parent).mode & 0o777).toBe(0o700);
  const data = join(parent, "deeper", "data");
  const port = await freePort(1);

  const first = startMain(port, data);
  await first.ready();
  expect(first.stdout()).toContain(first.url);
  expect(first.stdout()).toContain(demoAccount.email);
  const control = /controls: (\S+)/.exec(first.stdout())?.[1] ?? "";
  expect(control).toBe(`http://127.0.0.1:${port + 1}/sandbox`);
  expect(await (await fetch(control)).text()).toContain("Sandbox control");
  expect(first.stderr()).toBe("");
  const demo = await signInAsDemo(first.url);
  const project = await projectOf(demo);
  expect((await demo.patch(`/api/v1/projects/${project?.id}`, { name: "Still here" })).status).toBe(200);
  const firstPostgres = postgresOf(data);
  expect(isRunning(firstPostgres)).toBe(true);
  first.signal("SIGTERM");
  expect(await first.ended).toBe(0);
  expect(isRunning(firstPostgres)).toBe(false);
  expect(existsSync(join(data, "charlie.pid"))).toBe(false);

  const second = startMain(port, data);
  await second.ready();
  const secondPostgres = postgresOf(data);
  // The session and what it is signed with outlive a restart too.
  expect(await projectOf(demo)).toMatchObject({ id: project?.id, name: "Still here" });
  await demo.patch(`/api/v1/projects/${project?.id}`, { name: "Written just before" });
  second.signal("SIGKILL");
  expect(await second.ended).toBeNull();
  expect(isRunning(secondPostgres)).toBe(true);

  const third = startMain(port, data);
  await third.ready();
  expect(isRunning(secondPostgres)).toBe(false);
  expect(await projectOf(demo)).toMatchObject({ name: "Written just before" });
  const { body: me } = await demo.get<Me>("/api/v1/me");
  expect(me.workspaces).toHaveLength(1);
  // npm and the terminal both pass Ctrl-C on.
  third.signal("SIGINT");
  third.signal("SIGINT");
  expect(await third.ended).toBe(0);
  expect(third.stderr()).toBe("");
  await expect(fetch(third.url)).rejects.toThrow();
  expect(existsSync(join(data, "postgres/postmaster.pid"))).toBe(false);
});

test("a running answer is finished before the end; one that hangs is given back, and the end still comes", async () => {
  const provider = await startProviderStandIn();
  const data = folder();
  const port = await freePort(1);
  const server = startMain(port, data, { SHUTDOWN_SECONDS: "2" });
  await server.ready();
  const demo = await signInAsDemo(server.url);
  const { body } = await demo.get<{ items: Agent[] }>("/api/v1/agents");
  const offline = body.items[0]?.id ?? "";
  const { body: copy } = await demo.post<Agent>(`/api/v1/agents/${offline}/duplicate`);
  await demo.put("/api/v1/ai-keys/compatible", { key: "key-for-tests", baseUrl: provider.url });
  const brain = { provider: "compatible", model: "hang-after-2", temperature: null, maxOutputTokens: null };
  expect((await demo.patch(`/api/v1/agents/${copy.id}`, { brain })).status).toBe(200);

  const fine = await ask(demo, offline, { text: "What does a birthday cake for ten people cost?" });
  const hanging = await ask(demo, copy.id, { text: "Hello?" });
  await hanging.until("You said: ");
  server.signal("SIGTERM");
  expect(heard(await fine.parts)).toMatchObject({ state: "complete" });
  expect(heard(await hanging.parts)).toMatchObject({ state: "failed", failure: { code: "interrupted" } });
  expect(await server.ended).toBe(0);

  const again = startMain(port, data);
  await again.ready();
  const { body: usage } = await demo.get<{ messagesPerDay: { used: number } }>("/api/v1/usage/limits");
  expect(usage.messagesPerDay.used).toBe(1);
  // A second signal, when the first one does not suit, leaves nothing behind either.
  const third = await ask(demo, copy.id, { text: "Still there?" });
  await third.until("You said: ");
  const postgres = postgresOf(data);
  again.signal("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 700));
  again.signal("SIGTERM");
  expect(await again.ended).toBe(1);
  await untilGone(postgres);
  await provider.close();
});

test("asked to end half-way through its start it ends, and the next start works", async () => {
  const data = folder();
  const port = await freePort(1);
  for (const pause of [300, 1_000]) {
    const server = startMain(port, data);
    await new Promise((resolve) => setTimeout(resolve, pause));
    server.signal("SIGTERM");
    await server.ended;
    expect(existsSync(join(data, "postgres/postmaster.pid"))).toBe(false);
  }
  const server = startMain(port, data);
  await server.ready();
  const postgres = postgresOf(data);
  server.signal("SIGTERM");
  expect(await server.ended).toBe(0);
  expect(isRunning(postgres)).toBe(false);
});

describe("what stands in the way is told in one line", () => {
  async function refusal(port: number, data: string, env: Record<string, string> = {}, role = "all"): Promise<string> {
    const server = startMain(port, data, env, role);
    const code = await server.ended;
    expect([code, server.stdout()]).toEqual([1, ""]);
    return server.stderr();
  }
  const oneLine = /^[^\n]+\.[^\n]*\n$/;

  test("a taken port, ours and the local Stripe's", async () => {
    const port = await freePort(1);
    for (const [taken, host] of [
      [port, "127.0.0.1"],
      [port + 1, "0.0.0.0"],
    ] as const) {
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(taken, host, resolve));
      const told = await refusal(port, folder());
      expect(told).toMatch(oneLine);
      expect(told).toContain(`Port ${taken} is taken`);
      await new Promise((resolve) => other.close(resolve));
    }
  });

  test("a folder that can't be written", async () => {
    const port = await freePort(1);
    const file = join(folder(), "a-file");
    writeFileSync(file, "");
    const refused = [file, join(file, "below"), "/proc/charlie"].map(async (data) => {
      const told = await refusal(port, data);
      expect(told).toMatch(oneLine);
      expect(told).toContain(`The folder ${data} cannot be written`);
    });
    await Promise.all(refused);
  });

  test("half a database", async () => {
    const port = await freePort(1);
    const data = folder();
    mkdirSync(join(data, "postgres"));
    writeFileSync(join(data, "postgres", "PG_VERSION"), "17");
    const told = await refusal(port, data);
    expect(told).toMatch(oneLine);
    expect(told).toContain(`${join(data, "postgres")} is not a whole database`);
  });

  test("an unknown role, and settings that are wrong, each by its name", async () => {
    const port = await freePort(1);
    expect(await refusal(port, folder(), {}, "everything")).toBe(
      "There is no role everything. Known are web, worker, all, migrate.\n",
    );
    const told = await refusal(port, folder(), { NODE_ENV: "production", REDIS_URL: "nonsense", LOG_LEVEL: "loud" });
    for (const name of ["DATABASE_URL", "STRIPE_SECRET_KEY", "REDIS_URL", "LOG_LEVEL"])
      expect(told).toContain(`  ${name} `);
    expect(told).not.toContain("    at ");
  });
});

test("a folder that is in use is refused by the other instance's number; a killed start half-way is done again", async () => {
  const data = folder();
  const port = await freePort(1);
  // As `kill -9` during the very first start leaves it.
  mkdirSync(join(data, "postgres.half-made"));
  writeFileSync(join(data, "postgres-password"), "half");
  chmodSync(join(data, "postgres-password"), 0o600);
  writeFileSync(join(data, "charlie.pid"), "999999");
  const server = startMain(port, data);
  await server.ready();
  const other = startMain(await freePort(1), data);
  expect([await other.ended, other.stdout()]).toEqual([1, ""]);
  expect(other.stderr()).toBe(
    `Teach Charlie already runs on ${data} (process ${server.pid}). Stop it first, or set CHARLIE_DATA_DIR to another folder.\n`,
  );
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  server.signal("SIGHUP");
  expect(await server.ended).toBe(0);
});

test("npm start ends with npm: nothing is left of server and database", async () => {
  const data = join(folder(), "data");
  const npm = startNpm(await freePort(1), data);
  await npm.ready();
  const [server, postgres] = [ownerOf(data), postgresOf(data)];
  expect(isRunning(server) && isRunning(postgres)).toBe(true);
  expect(server).not.toBe(npm.pid);
  npm.signal("SIGTERM");
  await npm.ended;
  await untilGone(server);
  await untilGone(postgres);
  expect(existsSync(join(dirname(data), "data", "charlie.pid"))).toBe(false);
});
