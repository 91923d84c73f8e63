import type { Problem } from "@charlie/contract";
import { afterEach, expect, test } from "vitest";
import type { Client } from "../../test/client.ts";
import { startTestApp, type TestApp, type TestOptions } from "../../test/harness.ts";
import { operatorEnv, signUpOperator } from "../../test/operator.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

async function start(env: Record<string, string> = {}, more: TestOptions = {}): Promise<TestApp> {
  const app = await startTestApp({ ...more, env: { RATE_LIMIT_SCALE: "1", ...env } });
  opened.push(app);
  return app;
}

/** Asks for a reset: of the same class as a sign-in, without the work that checking a password takes. */
const askReset = (app: TestApp, email: string, headers: Record<string, string> = {}) =>
  app.stranger().post<Problem>("/api/auth/request-password-reset", { email }, headers);

/** How many requests of the sign-in class are let through, one account after another, before the first 429. */
async function triesUntilRefused(app: TestApp, most = 30): Promise<number> {
  for (let tries = 0; tries < most; tries += 1) {
    const { status } = await askReset(app, `${tries}-${Math.random()}@example.org`);
    if (status === 429) return tries;
  }
  return most;
}

test("sign-in is limited per address, and says how long to wait", async () => {
  const app = await start();
  const signIn = (email: string) =>
    app.stranger().post<Problem>("/api/auth/sign-in/email", { email, password: "not the password" });
  const first = await signIn("anna@example.org");
  expect(first.status).toBe(401);
  expect(first.headers.get("ratelimit-limit")).toBe("10");
  expect(first.headers.get("ratelimit-remaining")).toBe("9");
  expect(Number(first.headers.get("ratelimit-reset"))).toBeGreaterThan(0);
  expect(await triesUntilRefused(app)).toBe(9);
  const refused = await signIn("anna@example.org");
  expect(refused.status).toBe(429);
  expect(refused.headers.get("content-type")).toContain("application/problem+json");
  expect(refused.body).toMatchObject({ code: "too_many_requests", status: 429, requestId: expect.any(String) });
  const wait = Number(refused.headers.get("retry-after"));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
  // Sign-up, reset and confirmation share the budget; signing out and reading do not.
  for (const path of ["sign-up/email", "reset-password", "send-verification-email"])
    expect((await app.stranger().post(`/api/auth/${path}`, { email: "b@example.org" })).status).toBe(429);
  expect((await app.stranger().post("/api/auth/sign-out")).status).toBe(200);
  expect((await app.stranger().get("/api/v1/config")).status).toBe(200);
});

/** Whatever clients, proxies and networks write about who somebody is. */
const claims = (address: string) => ({
  "x-forwarded-for": address,
  forwarded: `for=${address}`,
  "x-real-ip": address,
  "cf-connecting-ip": address,
  "cf-connecting-ipv6": "2001:db8::1",
  "true-client-ip": address,
  "x-client-ip": address,
  "x-charlie-client-address": address,
});

test("forged addresses change nothing, whichever header they stand in, while no proxy of ours has asked", async () => {
  for (const env of [{}, { TRUSTED_PROXIES: "10.0.0.0/8,192.168.7.1,fd00::/64" }]) {
    const app = await start(env);
    for (let n = 0; n < 10; n += 1)
      expect((await askReset(app, `${n}@example.org`, claims(`198.51.100.${n}`))).status).toBe(200);
    expect((await askReset(app, "new@example.org", claims("203.0.113.9"))).status).toBe(429);
    expect((await askReset(app, "new@example.org")).status).toBe(429);
  }
});

test("of what a trusted proxy passes on, X-Forwarded-For alone is believed", async () => {
  const app = await start({ TRUSTED_PROXIES: "127.0.0.0/8" });
  const forged = (n: number) => ({ ...claims(`203.0.113.${n}`), "x-forwarded-for": "198.51.100.1" });
  for (let n = 0; n < 10; n += 1) expect((await askReset(app, `${n}@example.org`, forged(n))).status).toBe(200);
  expect((await askReset(app, "new@example.org", forged(99))).status).toBe(429);
  // Whoever says nothing is the proxy itself.
  expect((await askReset(app, "new@example.org")).status).toBe(200);
});

test("behind a trusted proxy each visitor counts alone, and what they wrote before its address is not believed", async () => {
  const app = await start({ TRUSTED_PROXIES: "127.0.0.1" });
  const from = (address: string, n: number) => ({ "x-forwarded-for": `10.9.8.${n}, ${address}` });
  for (let n = 0; n < 10; n += 1) await askReset(app, `${n}@example.org`, from("198.51.100.1", n));
  expect((await askReset(app, "x@example.org", from("198.51.100.1", 99))).status).toBe(429);
  expect((await askReset(app, "x@example.org", from("198.51.100.2", 99))).status).toBe(200);
});

test("one account is limited however many addresses try it, in whatever spelling", async () => {
  const app = await start({ TRUSTED_PROXIES: "127.0.0.1" });
  const spelled = ["anna@example.org", "Anna@Example.org", " ANNA@example.org "];
  const tries = Array.from({ length: 11 }, (_, n) => [spelled[n % 3] ?? "", `198.51.100.${n}`] as const);
  const statuses = [];
  for (const [email, address] of tries)
    statuses.push((await askReset(app, email, { "x-forwarded-for": address })).status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
  expect(statuses.at(-1)).toBe(429);
});

test("no other spelling of the address escapes the limit", async () => {
  const app = await start();
  expect(await triesUntilRefused(app)).toBe(10);
  for (const path of [
    "sign%2Din/email",
    "%73ign-in/email",
    "/sign-in/email",
    "sign-in/email/",
    "SIGN-IN/EMAIL",
    "./sign-in/email",
  ]) {
    const { status } = await app
      .stranger()
      .post(`/api/auth/${path}`, { email: "a@example.org", password: "not it at all" });
    expect([path, [404, 429].includes(status)]).toEqual([path, true]);
  }
});

test("members are limited by their workspace, in their own class, and strangers by address", async () => {
  const app = await start({ RATE_LIMIT_SCALE: "0.02" });
  // 600 and 300 a minute, scaled to 12 and 6; sign-in to 1.
  const pat = app.stranger();
  await pat.post("/api/auth/sign-up/email", {
    name: "Pat",
    email: "pat@example.org",
    password: "a good long password",
  });
  const statuses = async (times: number, call: () => Promise<{ status: number }>) => {
    const all = [];
    for (let n = 0; n < times; n += 1) all.push((await call()).status);
    return all;
  };
  expect(await statuses(13, () => pat.get("/api/v1/projects"))).toEqual([...Array(12).fill(200), 429]);
  const preview = { who: "", rules: "", tricks: "", text: "Hello?" };
  expect(await statuses(7, () => pat.post("/api/v1/agents/preview", preview))).toEqual([...Array(6).fill(200), 429]);
  // Nobody's requests count for their address, together with what is open to all: the sign-up was one of another class.
  expect(await statuses(13, () => app.stranger().get("/api/v1/me"))).toEqual([...Array(12).fill(401), 429]);
  expect((await app.stranger().get("/")).status).toBe(429);
  expect((await app.stranger().get("/livez")).status).toBe(200);
  // What only begins like a probe is none.
  for (const path of ["/livezfoo", "/healthy", "/readyz/x"])
    expect([path, (await app.stranger().get(path)).status]).toEqual([path, 429]);
});

test("operators are limited by their workspace like members, and everybody else who knocks there by address", async () => {
  const app = await start({ RATE_LIMIT_SCALE: "0.04", ...operatorEnv });
  // 600 a minute, scaled to 24.
  const boss = await signUpOperator(app);
  const knock = () => boss.get<Problem>("/api/v1/admin/customers");
  const counted = (await boss.get("/api/v1/projects")).headers.get("ratelimit-remaining");
  const left = Number(counted);
  expect(left).toBeGreaterThan(0);
  for (let n = 0; n < left; n += 1) expect((await knock()).status).toBe(200);
  const refused = await knock();
  expect(refused.status).toBe(429);
  expect(refused.body).toMatchObject({ code: "too_many_requests", decision: { limit: "requestsPerMinute" } });
  expect((await boss.get("/api/v1/projects")).status).toBe(429);
  // None of that counted for the address.
  const stranger = await app.stranger().get("/api/v1/admin/customers");
  expect([stranger.status, stranger.headers.get("ratelimit-remaining")]).toEqual([404, "23"]);
});

test("of IPv6 the first 64 bits count, in whatever spelling", async () => {
  const app = await start({ TRUSTED_PROXIES: "127.0.0.1" });
  const from = async (address: string, n: number) =>
    (await askReset(app, `v6-${n}@example.org`, { "x-forwarded-for": address })).status;
  for (let n = 0; n < 10; n += 1) expect(await from(`2001:db8:0:7:${n}::${n + 1}`, n)).toBe(200);
  for (const same of ["2001:db8::7:1:2:3:4", "2001:0DB8:0000:0007::", "2001:db8:0:7::1.2.3.4"])
    expect([same, await from(same, 10)]).toEqual([same, 429]);
  for (const other of ["2001:db8:0:8::1", "2001:db8::7", "::1", "::ffff:198.51.100.7"])
    expect([other, await from(other, 11)]).toEqual([other, 200]);
  for (let n = 0; n < 9; n += 1) expect(await from("198.51.100.7", 20 + n)).toBe(200);
  expect(await from("::ffff:198.51.100.7", 30)).toBe(429);
  expect(await from("::ffff:198.51.100.8", 31)).toBe(200);
});

test("a person has no more in many workspaces than in one, and a workspace no more with many people", async () => {
  const first = await start({ RATE_LIMIT_SCALE: "0" });
  const [pat, sam] = [await first.signUp(), await first.signUp()];
  const { rows } = await first.db.operator.query<{ id: string }>(
    "insert into workspaces (id, name) values (gen_random_uuid(), 'Second') returning id",
  );
  const second = rows[0]?.id ?? "";
  await first.db.operator.query("insert into members (workspace_id, user_id, role) values ($1, $2, 'owner')", [
    second,
    pat.userId,
  ]);
  await first.db.operator.query("insert into members (workspace_id, user_id, role) values ($1, $2, 'editor')", [
    pat.workspaceId,
    sam.userId,
  ]);
  // 600 a minute, scaled to 12.
  const { databaseUrl, secrets } = first;
  const app = await start({ RATE_LIMIT_SCALE: "0.02" }, { databaseUrl, deps: { secrets } });
  const asked = async ({ cookie }: Client, workspace: string, times: number) => {
    const statuses = [];
    for (let n = 0; n < times; n += 1) {
      const headers = { cookie, "charlie-workspace": workspace };
      statuses.push((await app.stranger().get("/api/v1/projects", undefined, headers)).status);
    }
    return statuses;
  };
  expect(await asked(pat, pat.workspaceId, 6)).toEqual(Array(6).fill(200));
  expect(await asked(pat, second, 7)).toEqual([...Array(6).fill(200), 429]);
  expect(await asked(sam, pat.workspaceId, 7)).toEqual([...Array(6).fill(200), 429]);
  expect(await asked(sam, sam.workspaceId, 6)).toEqual([...Array(5).fill(200), 429]);
});
