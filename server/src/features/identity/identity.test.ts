import type { Me, Problem } from "@charlie/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeClient, type Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const password = "a good long password";
const anyone = () => `who-${randomUUID()}@example.org`;

const signUp = (client: Client, email: string, more: object = {}) =>
  client.post<Problem>("/api/auth/sign-up/email", { name: "Pat", email, password, ...more });
const signIn = (client: Client, email: string, word = password) =>
  client.post<Problem>("/api/auth/sign-in/email", { email, password: word });
const askReset = (email: string) => app.stranger().post("/api/auth/request-password-reset", { email });

async function mailsTo(email: string): Promise<{ subject: string; text: string }[]> {
  const found = await app.db.operator.query("select subject, text from mails where recipient = $1 order by id", [
    email,
  ]);
  return found.rows;
}

/** The token in the newest mail to this address. */
async function tokenFor(email: string): Promise<string> {
  const token = /token=([^&\s]+)/.exec((await mailsTo(email)).at(-1)?.text ?? "")?.[1];
  if (token === undefined) throw new Error("no mail with a link");
  return decodeURIComponent(token);
}

describe("sign-up", () => {
  test("signs in at once, in a workspace of one's own on Free, and asks to confirm the address", async () => {
    const pat = app.stranger();
    const email = anyone();
    expect((await signUp(pat, email)).status).toBe(200);
    const { body: me } = await pat.get<Me>("/api/v1/me");
    expect(me).toMatchObject({ user: { email, emailVerified: false }, workspace: { plan: "free", role: "owner" } });
    expect(me.workspaces).toHaveLength(1);
    expect(await mailsTo(email)).toMatchObject([{ subject: expect.stringContaining("confirm") }]);
  });

  test("the mailed link confirms the address, once and for all", async () => {
    const pat = await app.signUp({ confirmed: false });
    const path = `/api/auth/verify-email?token=${encodeURIComponent(await tokenFor(pat.email))}&callbackURL=%2Faddress-confirmed`;
    const opened = await app.stranger().get(path);
    expect([opened.status, opened.headers.get("location")]).toEqual([302, "/address-confirmed"]);
    const { rows } = await app.db.operator.query("select email_verified from users where id = $1", [pat.userId]);
    expect(rows).toEqual([{ email_verified: true }]);
    // The link itself signs nobody in.
    expect(opened.headers.getSetCookie()).toEqual([]);
    const forged = await app.stranger().get("/api/auth/verify-email?token=forged&callbackURL=%2Faddress-confirmed");
    expect(forged.headers.get("location")).toContain("error=");
  });

  test("confirming in the same browser counts at once", async () => {
    const pat = await app.signUp({ confirmed: false });
    expect((await pat.get<Me>("/api/v1/me")).body.user.emailVerified).toBe(false);
    const cookie = pat.cookie;
    await pat.get(`/api/auth/verify-email?token=${encodeURIComponent(await tokenFor(pat.email))}`);
    const { body } = await Object.assign(makeClient(app.url), { cookie }).get<Me>("/api/v1/me");
    expect(body.user.emailVerified).toBe(true);
  });

  test("a link can't lead to another website", async () => {
    const elsewhere = [
      "https://evil.example/",
      "//evil.example",
      "/\\evil.example",
      "/./%2Fevil.example",
      "/.//evil.example",
    ];
    const { email } = await app.signUp();
    for (const to of elsewhere) {
      for (const written of [to, encodeURIComponent(to)]) {
        const path = `/api/auth/verify-email?token=x&callbackURL=${written}`;
        const { status, headers } = await app.stranger().get(path);
        expect([to, status, headers.get("location")]).toEqual([to, 302, "/address-confirmed?error=INVALID_TOKEN"]);
      }
      const signedIn = await app.stranger().post("/api/auth/sign-in/email", { email, password, callbackURL: to });
      expect(JSON.stringify([signedIn.body, [...signedIn.headers]])).not.toContain("evil");
    }
  });

  test("the same address again, in other capitals, is no second account", async () => {
    const pat = await app.signUp();
    const again = await signUp(app.stranger(), pat.email.toUpperCase());
    expect(again.status).toBe(422);
    expect(again.body.detail).toContain("Sign in instead");
  });

  test("an account whose workspace was never made gets it with its next request, also when many come at once", async () => {
    const pat = await app.signUp();
    await app.db.operator.query("delete from workspaces where id = $1", [pat.workspaceId]);
    await signIn(pat, pat.email);
    const answers = await Promise.all(Array.from({ length: 8 }, () => pat.get<Me>("/api/v1/me")));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => body.workspace.id)).size).toBe(1);
    expect(answers[0]?.body.workspace.id).not.toBe(pat.workspaceId);
  });
});

describe("sign-in", () => {
  test("tells nobody whether an address has an account", async () => {
    const { email } = await app.signUp();
    const [wrong, unknown] = [
      await signIn(app.stranger(), email, "not the password"),
      await signIn(app.stranger(), anyone(), "not the password"),
    ];
    expect(wrong.status).toBe(401);
    const { requestId: one, ...told } = wrong.body;
    const { requestId: other, ...toldUnknown } = unknown.body;
    expect(told).toEqual(toldUnknown);
    expect(one).not.toBe(other);
    const names = ({ headers }: { headers: Headers }) => [...headers.keys()].toSorted();
    expect(names(wrong)).toEqual(names(unknown));
  });

  test("the session ends at once with sign-out, also for a copy of its cookie", async () => {
    const pat = await app.signUp();
    const copy = Object.assign(app.stranger(), { cookie: pat.cookie });
    expect((await copy.get("/api/v1/me")).status).toBe(200);
    expect((await pat.post("/api/auth/sign-out")).status).toBe(200);
    expect((await copy.get("/api/v1/me")).status).toBe(401);
    expect((await signIn(pat, pat.email)).status).toBe(200);
    expect((await pat.get("/api/v1/me")).status).toBe(200);
  });

  test("a session whose time is over is none", async () => {
    const pat = await app.signUp();
    await app.db.operator.query("update sessions set expires_at = now() where user_id = $1", [pat.userId]);
    // Another server has nothing remembered. It signs with its own secret, so the same one is given.
    const elsewhere = await startTestApp({ databaseUrl: app.databaseUrl, deps: { secrets: app.secrets } });
    const there = Object.assign(makeClient(elsewhere.url), { cookie: pat.cookie });
    expect((await there.get("/api/v1/me")).status).toBe(401);
    await elsewhere.close();
  });
});

describe("a password reset", () => {
  test("looks the same for every address and mails only to real ones", async () => {
    const { email } = await app.signUp();
    const before = (await mailsTo(email)).length;
    const unknown = anyone();
    const [real, other] = [await askReset(email), await askReset(unknown)];
    expect([real.status, real.body]).toEqual([other.status, other.body]);
    expect(real.status).toBe(200);
    expect(await mailsTo(email)).toHaveLength(before + 1);
    expect(await mailsTo(unknown)).toEqual([]);
  });

  test("no mailbox is flooded: ten mails in a day, then none until the day is over, also when many ask at once", async () => {
    const { email } = await app.signUp();
    const asked = await Promise.all(Array.from({ length: 12 }, () => askReset(email)));
    expect(asked.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect((await app.stranger().post("/api/auth/send-verification-email", { email })).status).toBe(200);
    expect(await mailsTo(email)).toHaveLength(10);
    await app.db.operator.query("update mails set created_at = now() - interval '25 hours' where recipient = $1", [
      email,
    ]);
    await askReset(email);
    expect(await mailsTo(email)).toHaveLength(11);
  });

  test("its link works once, sets the password, and ends every session at once", async () => {
    const pat = await app.signUp();
    expect((await pat.get("/api/v1/me")).status).toBe(200);
    await askReset(pat.email);
    const token = await tokenFor(pat.email);
    const set = (newPassword: string) =>
      app.stranger().post<Problem>("/api/auth/reset-password", { token, newPassword });
    expect((await set("short")).status).toBe(400);
    expect((await set("another long password")).status).toBe(200);
    expect((await set("a third long password")).body).toMatchObject({ status: 400, code: "INVALID_TOKEN" });
    expect((await pat.get("/api/v1/me")).status).toBe(401);
    expect((await signIn(app.stranger(), pat.email)).status).toBe(401);
    expect((await signIn(app.stranger(), pat.email, "another long password")).status).toBe(200);
  });

  test("its link is too old after an hour", async () => {
    const pat = await app.signUp();
    await askReset(pat.email);
    await app.db.operator.query(
      "update verifications set expires_at = expires_at - interval '61 minutes' where identifier like 'reset-password:%'",
    );
    const token = await tokenFor(pat.email);
    const late = await app.stranger().post("/api/auth/reset-password", { token, newPassword: "another long password" });
    expect(late.status).toBe(400);
    expect((await signIn(app.stranger(), pat.email)).status).toBe(200);
  });
});

describe("whatever is sent", () => {
  const odd: [what: string, body: unknown][] = [
    ["nothing", null],
    ["a list", [1, 2]],
    ["a word", "hello"],
    ["no name", { email: anyone(), password }],
    ["a number for a name", { name: 7, email: anyone(), password }],
    ["NUL in the name", { name: "Pa\u0000t", email: anyone(), password }],
    ["a name that nobody sees", { name: "\u200b\u202e\u3164", email: anyone(), password }],
    ["half a character in the name", { name: "Pat \ud800", email: anyone(), password }],
    ["an endless name", { name: "p".repeat(100_000), email: anyone(), password }],
    ["an address that is none", { name: "Pat", email: "nope", password }],
    ["an endless address", { name: "Pat", email: `${"p".repeat(300)}@example.org`, password }],
    ["an object for an address", { name: "Pat", email: { $ne: "" }, password }],
    ["a short password", { name: "Pat", email: anyone(), password: "1234567" }],
    ["a long password", { name: "Pat", email: anyone(), password: "p".repeat(129) }],
    ["an endless password", { name: "Pat", email: anyone(), password: "p".repeat(100_000) }],
  ];
  test.each(odd)("%s is refused in plain words and no account made", async (_what, body) => {
    const count = async () => (await app.db.operator.query("select from users")).rowCount;
    const before = await count();
    for (const path of ["sign-up/email", "sign-in/email", "reset-password"]) {
      const answer = await app.stranger().post<Problem>(`/api/auth/${path}`, body);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body.detail).toMatch(/^\S.*\.$|: /);
    }
    expect(await count()).toBe(before);
  });

  test("broken JSON, other kinds of content, and too much of it", async () => {
    const post = (body: string, type: string) =>
      fetch(`${app.url}/api/auth/sign-in/email`, { method: "POST", body, headers: { "content-type": type } });
    expect((await post("{", "application/json")).status).toBe(400);
    expect((await post("", "application/json")).status).toBe(400);
    expect((await post("a=b", "application/x-www-form-urlencoded")).status).toBe(415);
    expect((await post("hello", "text/plain")).status).toBe(415);
    expect((await post(JSON.stringify({ email: "x".repeat(300_000) }), "application/json")).status).toBe(413);
  });

  test("what nobody may set is not set: an image, a confirmation, an id", async () => {
    const email = anyone();
    await signUp(app.stranger(), email, { image: "javascript:alert(1)", emailVerified: true, id: randomUUID() });
    const { rows } = await app.db.operator.query("select image, email_verified from users where email = $1", [email]);
    expect(rows).toEqual([{ image: null, email_verified: false }]);
  });

  test("paths of Better Auth that are not used do not exist", async () => {
    const pat = await app.signUp();
    for (const path of ["update-user", "change-email", "delete-user", "sign-in/social", "revoke-sessions"])
      expect([path, (await pat.post(`/api/auth/${path}`, {})).status]).toEqual([path, 404]);
  });
});
