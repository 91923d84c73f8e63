import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Problem } from "@charlie/contract";
import { migrate } from "../src/db/migrate.ts";
import { startPostgres } from "../src/embedded/postgres.ts";
import { cloneDatabase } from "./database.ts";
import { recordOperation } from "../src/features/launch/index.ts";
import { startTestApp, type TestApp } from "./harness.ts";
import { startRedis } from "./redis.ts";

const statusOf = async (app: TestApp, path: string): Promise<number> => (await fetch(`${app.url}${path}`)).status;
const bodyOf = async (app: TestApp, path: string): Promise<unknown> => (await fetch(`${app.url}${path}`)).json();

/** Asks until it is so: readiness is remembered for a moment. */
async function until(app: TestApp, path: string, status: number): Promise<void> {
  while ((await statusOf(app, path)) !== status) await sleep(100);
}

interface HealthAnswer {
  status: "healthy" | "degraded" | "unhealthy";
  checks: Record<string, { status: string; value?: number; degradedAt?: number; what?: string }>;
}
const healthOf = async (app: TestApp) => (await bodyOf(app, "/health")) as HealthAnswer;

test("a server that works says so three times, each with what it goes by", async () => {
  const app = await startTestApp();
  expect(await bodyOf(app, "/livez")).toEqual({ status: "alive" });
  expect(await bodyOf(app, "/readyz")).toEqual({ status: "ready" });
  const { status, checks } = await healthOf(app);
  const { disk, ...rest } = checks;
  // How full the disk is depends on the machine.
  expect(disk).toMatchObject({ degradedAt: 4, unhealthyAt: 1, unit: "gigabytes free" });
  expect(status).toBe(disk?.status);
  expect(rest).toEqual({
    database: { status: "healthy", what: "ready" },
    redis: { status: "healthy", what: "none" },
    queue: { status: "healthy", value: 0, unit: "seconds", degradedAt: 120, unhealthyAt: 900 },
    strayRows: { status: "healthy", value: 0, unit: "rows", degradedAt: 1, unhealthyAt: null },
  });
  await app.close();
});

test("a waiting job shows in the queue's lag, and a long one is unhealthy for the outside alone", async () => {
  const app = await startTestApp();
  await app.db.operator.query("select enqueue_job('nobody-does-it', '{}', null, now() - interval '5 minutes')");
  const { status, checks } = await healthOf(app);
  expect(status).not.toBe("healthy");
  expect(checks["queue"]).toMatchObject({ status: "degraded" });
  expect(checks["queue"]?.value).toBeGreaterThanOrEqual(300);
  await app.db.operator.query("select enqueue_job('nobody-does-it', '{}', null, now() - interval '20 minutes')");
  await until(app, "/health", 503);
  expect(await healthOf(app)).toMatchObject({ status: "unhealthy", checks: { queue: { status: "unhealthy" } } });
  expect(await statusOf(app, "/readyz")).toBe(200);
  await app.close();
});

test("backups and certificates are judged once there are any, and nothing inside is named", async () => {
  const redis = await startRedis();
  const app = await startTestApp({ env: { REDIS_URL: redis.url, RATE_LIMIT_SCALE: "1" } });
  const startedAt = new Date(Date.now() - 100 * 3_600_000);
  await recordOperation(app.db, { name: "backup", ok: true, detail: { bucket: "s3://hidden" }, startedAt });
  const text = JSON.stringify(await bodyOf(app, "/health"));
  expect(JSON.parse(text)).toMatchObject({
    status: "unhealthy",
    checks: { backup: { status: "unhealthy", unit: "hours", unhealthyAt: 72 }, redis: { what: "ready" } },
  });
  const database = new URL(app.databaseUrl);
  for (const inside of [database.password, database.port, database.pathname.slice(1), String(redis.port), "127.0.0.1"])
    expect([inside, text.includes(inside)]).toEqual([inside, false]);
  expect(text).not.toContain("hidden");
  await app.close();
  await redis.close();
});

test("without Redis it is degraded, and ready all the same; with Redis back it is healthy", async () => {
  const redis = await startRedis();
  const app = await startTestApp({ env: { REDIS_URL: redis.url, RATE_LIMIT_SCALE: "1" } });
  expect(await bodyOf(app, "/readyz")).toEqual({ status: "ready" });
  for (const [hurt, heal] of [
    [() => redis.freeze(), () => redis.thaw()],
    [() => redis.kill(), () => startRedis(redis.port).then((again) => onTestFinished(() => again.close()))],
  ] as const) {
    await hurt();
    while (((await bodyOf(app, "/readyz")) as { status: string }).status !== "degraded") await sleep(100);
    expect(await statusOf(app, "/readyz")).toBe(200);
    expect((await healthOf(app)).checks["redis"]).toEqual({ status: "degraded", what: "away" });
    await heal();
    while (((await bodyOf(app, "/readyz")) as { status: string }).status !== "ready") await sleep(100);
  }
  await app.close();
}, 90_000);

test("however often it is asked, the database is asked once in a while", async () => {
  const app = await startTestApp();
  let taken = 0;
  app.db.operator.on("acquire", () => (taken += 1));
  for (let n = 0; n < 100; n += 1) expect(await statusOf(app, n % 2 ? "/health" : "/readyz")).toBe(200);
  expect(taken).toBeLessThan(50);
  await app.close();
});

test("behind a migration it is not ready", async () => {
  const app = await startTestApp();
  await app.db.operator.query(
    "delete from schema_migrations where number = (select max(number) from schema_migrations)",
  );
  expect(await statusOf(app, "/readyz")).toBe(503);
  expect(await statusOf(app, "/livez")).toBe(200);
  await app.close();
});

test("with the database killed it lives, is not ready, and says what it is; with it back all is well", async () => {
  const folder = mkdtempSync(join(tmpdir(), "charlie-health-"));
  const postgres = await startPostgres(folder, { settings: ["fsync=off"] });
  await migrate(postgres.url);
  const app = await startTestApp({ databaseUrl: postgres.url });
  const pat = await app.signUp();
  expect(await statusOf(app, "/readyz")).toBe(200);
  await postgres.stop();
  await until(app, "/readyz", 503);
  expect(await statusOf(app, "/livez")).toBe(200);
  expect(await bodyOf(app, "/health")).toMatchObject({
    status: "unhealthy",
    checks: { database: { status: "unhealthy", what: "database away" } },
  });
  const asked = await pat.get<Problem>("/api/v1/projects");
  expect([asked.status, asked.body.code]).toEqual([503, "database_away"]);
  const signedUp = await app.stranger().post<Problem>("/api/auth/sign-in/email", { email: pat.email, password: "x" });
  expect(signedUp.status).toBe(503);
  expect(signedUp.headers.get("content-type")).toBe("application/problem+json");
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

test("with a database that hangs it is not ready, and with it back it is", async () => {
  const database = await cloneDatabase();
  const { host, port } = { host: "127.0.0.1", port: Number(new URL(database.url).port) };
  const pairs = new Set<[Socket, Socket]>();
  let frozen = false;
  // Stands between, and can hold everything back as a frozen machine does: new connections too, which the app may open.
  const between = createServer((here) => {
    const there = connect(port, host);
    pairs.add([here.on("error", () => {}), there.on("error", () => {})]);
    there.pipe(here);
    if (!frozen) here.pipe(there);
  });
  await new Promise<void>((resolve) => between.listen(0, host, resolve));
  const url = new URL(database.url);
  url.port = String((between.address() as AddressInfo).port);
  const app = await startTestApp({ databaseUrl: url.href });
  expect(await statusOf(app, "/readyz")).toBe(200);
  frozen = true;
  for (const [here, there] of pairs) here.unpipe(there);
  await until(app, "/readyz", 503);
  expect(await statusOf(app, "/livez")).toBe(200);
  expect(await statusOf(app, "/health")).toBe(503);
  frozen = false;
  for (const [here, there] of pairs) here.pipe(there);
  await until(app, "/readyz", 200);
  await app.close();
  between.close();
  await database.drop();
});

test("from the moment it is to end it is not ready", async () => {
  const app = await startTestApp();
  expect(await statusOf(app, "/readyz")).toBe(200);
  // A connection that is in use keeps the server there long enough to be asked.
  const ended = app.app.shutDown({ ms: 1_000 });
  const asked = await app.app.fastify.inject("/readyz");
  expect(asked.statusCode).toBe(503);
  await ended;
  await app.db.close();
});
