import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import type { Config, Me, Problem } from "@charlie/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Client } from "../../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../../test/harness.ts";
import {
  clerkUser,
  startClerkStandIn,
  webhookPath,
  type ClerkStandIn,
  type ClerkUser,
} from "../../../../test/stand-ins/clerk.ts";

let clerk: ClerkStandIn;
let app: TestApp;
let pat: ClerkUser;
beforeAll(async () => {
  clerk = await startClerkStandIn();
  app = await startTestApp({ clerk });
  pat = clerkUser({ email: "Pat@Example.org" });
  expect(await clerk.send(app.url, "user.created", pat)).toBe(200);
});
afterAll(async () => {
  await app.close();
  await clerk.close();
});
beforeEach(() => void clerk.asked.splice(0));

const now = () => Math.floor(Date.now() / 1_000);
const mine = (claims: Record<string, unknown> = {}, options = {}) =>
  clerk.token(pat.id, { azp: app.url, ...claims }, options);
const holding = (token: string): Client => Object.assign(app.stranger(), { cookie: `a=b; __session=${token}; c=d` });
const me = (token: string) => holding(token).get<Me>("/api/v1/me");

describe("a session's token", () => {
  test("signs in by Clerk's cookie and as a bearer's, without a request to Clerk", async () => {
    const byCookie = await me(mine());
    const bearer = { authorization: `Bearer ${mine()}` };
    const byHeader = await app.stranger().get<Me>("/api/v1/me", undefined, bearer);
    for (const { status, body } of [byCookie, byHeader]) {
      expect(status).toBe(200);
      expect(body.user).toMatchObject({ name: "Pat Tester", email: "pat@example.org", emailVerified: true });
      expect(body.workspaces).toMatchObject([{ name: "Pat’s workspace", role: "owner" }]);
    }
    expect(byHeader.body).toEqual(byCookie.body);
    expect(clerk.asked).toEqual([]);
  });

  test("of this application's own cookie counts before that of another one on the same host", async () => {
    const suffix = createHash("sha1")
      .update(clerk.env["CLERK_PUBLISHABLE_KEY"] ?? "")
      .digest("base64url")
      .slice(0, 8);
    const cookie = `__session=another.applications.token; __session_${suffix}=${mine()}`;
    expect((await Object.assign(app.stranger(), { cookie }).get("/api/v1/me")).status).toBe(200);
  });

  test("does what it may: with a cookie, only for our own pages", async () => {
    const client = holding(mine());
    const agent = { who: "", rules: "", tricks: "" };
    expect((await client.post("/api/v1/agents", agent)).status).toBe(201);
    expect((await client.post("/api/v1/agents", agent, { origin: "https://elsewhere.example" })).status).toBe(403);
  });

  const { privateKey: foreign } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const base = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claimsOf = () => base({ sub: pat.id, sid: "sess_1", azp: app.url, iat: now(), nbf: now(), exp: now() + 60 });
  const hmac = () => {
    const signed = `${base({ alg: "HS256", typ: "JWT", kid: "ins_1" })}.${claimsOf()}`;
    return `${signed}.${createHmac("sha256", clerk.env["CLERK_JWT_KEY"] ?? "")
      .update(signed)
      .digest("base64url")}`;
  };
  const refused: [what: string, token: () => string][] = [
    ["signed with another key", () => mine({}, { key: foreign })],
    ["signed with the public key as a secret", hmac],
    ["signed by nobody", () => `${base({ alg: "none", typ: "JWT" })}.${claimsOf()}.`],
    ["whose person was changed", () => mine().replace(/\.[^.]+\./, `.${claimsOf()}.`)],
    ["that ran out ten seconds ago", () => mine({ exp: now() - 10 })],
    ["that begins in ten seconds", () => mine({ nbf: now() + 10 })],
    ["made in ten seconds", () => mine({ iat: now() + 10 })],
    ["without an end", () => mine({ exp: undefined })],
    ["of another page", () => mine({ azp: "https://elsewhere.example" })],
    ["of a page whose name begins like ours", () => mine({ azp: `${app.url}0` })],
    ["of no page", () => mine({ azp: undefined })],
    ["of a JWT template: made for another service", () => mine({ sid: undefined })],
    ["of a session of which something is still asked", () => mine({ sts: "pending" })],
    ["of a machine", () => mine({}, { header: { cat: "cl_B7d4PD333AAA" } })],
    ["of another kind", () => mine({}, { header: { typ: "at+jwt" } })],
    ["of nobody", () => mine({ sub: undefined })],
    ["of an odd person", () => mine({ sub: "user_1' or '1'='1" })],
    ["that is none", () => "x"],
    ["that looks like one", () => "a.b.c"],
    ["of broken JSON", () => "e30.e30.e30"],
    ["without end", () => `${"a".repeat(5_000)}.b.c`],
  ];
  test.each(refused)("%s is refused", async (_what, token) => {
    const answer = await holding(token()).get<Problem>("/api/v1/me");
    expect([answer.status, answer.body.code]).toEqual([401, "not_signed_in"]);
    expect(clerk.asked).toEqual([]);
  });

  test("clocks may be a little apart", async () => {
    for (const claims of [{ exp: now() - 2 }, { nbf: now() + 3 }, { iat: now() + 3 }])
      expect([claims, (await me(mine(claims))).status]).toEqual([claims, 200]);
  });

  test("is not believed for longer than it lives, however short that is", async () => {
    const token = mine({ exp: now() - 2 });
    expect((await me(token)).status).toBe(200);
    await expect.poll(async () => (await me(token)).status, { timeout: 15_000 }).toBe(401);
  });
});

test.each(["session.ended", "session.removed", "session.revoked"])("%s ends it at once", async (type) => {
  const sid = `sess_${type.replace(".", "")}`;
  const [one, another] = [mine({ sid }), mine({ sid, iat: now() - 1 })];
  expect((await me(one)).status).toBe(200);
  expect(await clerk.send(app.url, type, { id: sid, user_id: pat.id })).toBe(200);
  expect(await clerk.send(app.url, type, { id: sid, user_id: pat.id })).toBe(200);
  // The next token of the same session, and this one too as soon as the server has forgotten that it was good.
  expect((await me(another)).status).toBe(401);
  await expect.poll(async () => (await me(one)).status, { timeout: 15_000 }).toBe(401);
  expect((await me(mine())).status).toBe(200);
});

test("the page is told of Clerk, may reach it, and Better Auth is not there", async () => {
  const { body, headers } = await app.stranger().get<Config>("/api/v1/config");
  expect(body).toMatchObject({ signIn: "clerk", clerkPublishableKey: clerk.env["CLERK_PUBLISHABLE_KEY"], demo: null });
  expect(headers.get("content-security-policy")).toContain("connect-src 'self' https://clerk.charlie.test;");
  for (const path of ["sign-up/email", "sign-in/email", "sign-out", "request-password-reset", "reset-password"])
    expect([path, (await app.stranger().post(`/api/auth/${path}`, {})).status]).toEqual([path, 404]);
  for (const path of ["get-session", "verify-email"])
    expect([path, (await app.stranger().get(`/api/auth/${path}`)).status]).toEqual([path, 404]);
});

test("without Clerk's keys its webhook is not there, its tokens are nothing, and the page may not reach it", async () => {
  const other = await startTestApp();
  try {
    expect((await other.stranger().post(webhookPath, {})).status).toBe(404);
    expect(await clerk.send(other.url, "user.created", pat)).toBe(404);
    const cookie = `__session=${clerk.token(pat.id, { azp: other.url })}`;
    expect((await Object.assign(other.stranger(), { cookie }).get("/api/v1/me")).status).toBe(401);
    const { body, headers } = await other.stranger().get<Config>("/api/v1/config");
    expect(body).toMatchObject({ signIn: "better-auth", clerkPublishableKey: null });
    expect(headers.get("content-security-policy")).not.toMatch(/clerk|connect-src|cloudflare/);
  } finally {
    await other.close();
  }
});
