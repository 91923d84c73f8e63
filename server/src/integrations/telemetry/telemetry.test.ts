import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { makeClient, type Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startServerProcess, type ServerProcess } from "../../../test/server-process.ts";
import { startRecorder, type Recorder } from "../../../test/stand-ins/recorder.ts";
import { freePort } from "../../embedded/free-port.ts";
import { recordOperation } from "../../features/launch/index.ts";

const secrets = ["reset-token-123", "My neighbour steals bread", "anna@example.org", "sk-proj-abcdef0123456789"];
const [token = "", words = "", mail = "", key = ""] = secrets;

// Each starts a server in a process of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let app: TestApp;
let collector: Recorder;
let server: ServerProcess;
let pat: Client;
let metricsUrl: string;
let endServer: () => Promise<void> = async () => {};
beforeAll(async () => {
  app = await startTestApp();
  const { cookie } = await app.signUp();
  const startedAt = new Date();
  for (const name of ["backup", "restore_check"] as const)
    await recordOperation(app.db, { name, ok: true, detail: {}, startedAt });
  const notAfter = new Date(Date.now() + 30 * 86_400_000).toISOString();
  await recordOperation(app.db, { name: "certificate", ok: true, detail: { notAfter }, startedAt });
  await app.db.operator.query("select enqueue_job('limit-mail', '{}', null, null)");
  collector = await startRecorder();
  const port = await freePort();
  metricsUrl = `http://127.0.0.1:${port}/metrics`;
  const env = {
    METRICS_PORT: String(port),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: "api-key=collector-key",
    // Both live in one process.
    SENTRY_DSN: `http://public@${new URL(collector.url).host}/42`,
    RELEASE: "abc123",
    BETTER_AUTH_SECRET: app.secrets.auth,
  };
  server = await startServerProcess(app.databaseUrl, env, "worker", (end) => (endServer = end));
  pat = Object.assign(makeClient(server.url), { cookie });
}, 120_000);
afterAll(async () => {
  await endServer();
  await collector.close();
  await app.close();
});

const numbers = async (): Promise<string> => (await fetch(metricsUrl)).text();

/** Waits until a line says what is asked for. */
async function untilTold(line: RegExp): Promise<void> {
  while (!line.test(await numbers())) await sleep(50);
}

test("requests are counted by kind and status, answers by outcome and payer, jobs that failed by name", async () => {
  const { id } = (
    await pat.post<{ id: string }>("/api/v1/agents", { name: "Rex", who: words, rules: mail, tricks: "" })
  ).body;
  await pat.post(`/api/v1/agents/${id}/messages?token=${token}`, { text: words }, { accept: "application/json" });
  expect((await pat.post(`/api/v1/agents/${id}/messages`, { text: "" })).status).toBe(400);
  await pat.get(`/api/v1/nothing/${key}`);
  await untilTold(/request_duration_count\{route_class="answer",http_response_status_code="200"\} 1$/m);
  await untilTold(/request_duration_count\{route_class="answer",http_response_status_code="400"\} 1$/m);
  await untilTold(/^charlie_answers_total\{outcome="complete",payer="nobody"\} 1$/m);
  await untilTold(/^charlie_jobs_failed_total\{job="limit-mail"\} [1-9]/m);
  await untilTold(/^charlie_certificate_remaining 2\d{6}$/m);
});

test("no label holds an id, an address or a word of somebody's", async () => {
  const told = await numbers();
  for (const secret of [...secrets, pat.workspaceId, "/api/v1", "Rex"]) {
    if (secret !== "") expect(told).not.toContain(secret);
  }
  expect(told).not.toMatch(/[\da-f]{8}-[\da-f]{4}-/);
});

const folder = join(import.meta.dirname, "../../../../deploy/monitoring");
const named = (text: string): string[] =>
  [...new Set(text.match(/\b(?:charlie|http_server|process|nodejs)_[a-z\d_]+/g) ?? [])].filter(
    (name) => name !== "http_response_status_code",
  );

test("every number that an alarm or the dashboard asks for is there, and the other way round", async () => {
  const told = new Set([...(await numbers()).matchAll(/^([a-z_\d]+)(?:\{| )/gm)].map(([, name]) => name ?? ""));
  const alarms = parse(readFileSync(join(folder, "alerts.yml"), "utf8")) as {
    groups: { rules: { expr: string; annotations: { summary: string; what: string } }[] }[];
  };
  const rules = alarms.groups.flatMap((group) => group.rules);
  const dashboard = JSON.parse(readFileSync(join(folder, "dashboard.json"), "utf8")) as {
    panels: { targets: { expr: string }[] }[];
  };
  const asked = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map((t) => t.expr)),
  ];
  const names = named(asked.join("\n"));
  expect(names.filter((name) => !told.has(name))).toEqual([]);
  const unused = named([...told].join("\n")).filter(
    (name) => !names.includes(name) && !name.startsWith("http_server_request_duration"),
  );
  expect(unused).toEqual([]);
  for (const { annotations } of rules) expect(annotations.summary && annotations.what).toBeTruthy();
});

/** Of Debian's package `prometheus`. */
const promtool = "/usr/bin/promtool";

test.runIf(existsSync(promtool))("Prometheus' own tool takes the alarms", () => {
  const { status, stdout, stderr } = spawnSync(promtool, ["check", "rules", join(folder, "alerts.yml")]);
  expect(`${stdout.toString()}${stderr.toString()}`).toContain("SUCCESS");
  expect(status).toBe(0);
});

test("traces hold requests by route and their statements; neither queries, values nor errors' words", async () => {
  await app.db.operator.query(`
    create function fail() returns trigger language plpgsql as $$
      begin raise exception 'cannot keep % of %', new.name, new.flow; end $$;
    create trigger fail before insert on agents for each row execute function fail()`);
  const broken = await pat.post(`/api/v1/agents?token=${token}`, { name: key, who: words, rules: mail, tricks: "" });
  expect(broken.status).toBe(500);
  expect(await server.terminate()).toBe(0);
  const to = (path: string) => collector.requests.filter((request) => request.path.startsWith(path));
  expect(to("/v1/traces").length).toBeGreaterThan(0);
  expect(to("/v1/metrics").length).toBeGreaterThan(0);
  expect(to("/api/42/envelope/").length).toBeGreaterThan(0);
  expect(to("/v1/traces")[0]?.headers["api-key"]).toBe("collector-key");
  const traces = to("/v1/traces")
    .map(({ body }) => body.toString("latin1"))
    .join("\n");
  for (const part of ["POST /api/v1/agents/:id/messages", "pg.query:INSERT", 'insert into "agents"', "abc123"])
    expect(traces).toContain(part);
  expect(
    to("/v1/metrics")
      .map(({ body }) => body.toString("latin1"))
      .join("\n"),
  ).toContain("charlie.answers");
  for (const secret of secrets) expect(collector.received()).not.toContain(secret);
});

test("where nothing is configured, nothing of it is loaded", async () => {
  const loaded = mkdtempSync(join(tmpdir(), "charlie-loaded-"));
  // Node writes down every file that it ran.
  const plain = await startServerProcess(app.databaseUrl, { NODE_V8_COVERAGE: loaded });
  expect(await plain.terminate()).toBe(0);
  const files = readdirSync(loaded).map((name) => readFileSync(join(loaded, name), "utf8"));
  rmSync(loaded, { recursive: true });
  expect(files.join("")).toContain("server/src/main.ts");
  expect(files.join("")).not.toMatch(/node_modules\/(?:@sentry|posthog-node|@opentelemetry\/(?!api\/))/);
});
