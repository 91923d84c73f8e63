import type { Me, Problem } from "@charlie/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Client } from "../../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../../test/harness.ts";
import { startPaidApp, type PaidApp } from "../../../../test/paid-app.ts";
import { clerkUser, startClerkStandIn, type ClerkStandIn } from "../../../../test/stand-ins/clerk.ts";

let clerk: ClerkStandIn;
let app: PaidApp;
let second: TestApp;
beforeAll(async () => {
  clerk = await startClerkStandIn();
  app = await startPaidApp({ clerk, env: { OPERATOR_EMAILS: "boss@example.org" } });
  second = await startTestApp({ clerk, databaseUrl: app.databaseUrl });
});
afterAll(async () => {
  await second.close();
  await app.close();
  await clerk.close();
});
beforeEach(() => {
  clerk.asked.splice(0);
  clerk.down = false;
});

const holding = (id: string, claims: Record<string, unknown> = {}, at: TestApp = app): Client =>
  Object.assign(at.stranger(), { cookie: `__session=${clerk.token(id, { azp: at.url, ...claims })}` });
const me = (client: Client) => client.get<Me>("/api/v1/me");
const countOf = async (table: string) => (await app.db.operator.query(`select from ${table}`)).rowCount ?? 0;

describe("the first request of somebody whose webhook has not come yet", () => {
  test("makes the account by one question to Clerk, however many come at once; the webhook then changes nothing", async () => {
    const pat = clerkUser();
    clerk.people.set(pat.id, pat);
    const clients = Array.from({ length: 6 }, () => holding(pat.id));
    const answers = await Promise.all(clients.map(me));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.workspace.id)).size).toBe(1);
    expect(answers[0]?.body.user).toMatchObject({ email: pat.email_addresses[0]?.email_address, emailVerified: true });
    expect(clerk.asked).toEqual([`/v1/users/${pat.id}`]);
    expect(await clerk.send(app.url, "user.created", pat)).toBe(200);
    expect((await me(holding(pat.id))).body).toEqual(answers[0]?.body);
  });

  test("and the webhook at the same time, on two servers, make one account and one workspace", async () => {
    const before = [await countOf("users"), await countOf("workspaces")];
    const pat = clerkUser();
    clerk.people.set(pat.id, pat);
    const done = await Promise.all([
      me(holding(pat.id)),
      clerk.send(app.url, "user.created", pat),
      me(holding(pat.id, {}, second)),
      clerk.send(second.url, "user.created", pat),
      me(holding(pat.id)),
    ]);
    expect(done.map((each) => (typeof each === "number" ? each : each.status))).toEqual([200, 200, 200, 200, 200]);
    expect([await countOf("users"), await countOf("workspaces")]).toEqual(before.map((count) => count + 1));
  });

  test("asks nobody where the token tells of the address, and later news complete it", async () => {
    const pat = clerkUser();
    const email = pat.email_addresses[0]?.email_address ?? "";
    const first = await me(holding(pat.id, { email, email_verified: true }));
    expect(first.body.user).toMatchObject({ name: "", email, emailVerified: true });
    expect(first.body.workspace.name).toBe("My workspace");
    expect(clerk.asked).toEqual([]);
    expect(await clerk.send(app.url, "user.created", pat)).toBe(200);
    expect((await me(holding(pat.id))).body.user).toMatchObject({ name: "Pat Tester", email, emailVerified: true });
  });

  test("a token that tells an address, and not whether it is confirmed, is not enough", async () => {
    const pat = clerkUser({ verified: false });
    clerk.people.set(pat.id, pat);
    const { body } = await me(holding(pat.id, { email: "boss@example.org" }));
    expect(body.user).toMatchObject({ email: pat.email_addresses[0]?.email_address, emailVerified: false });
    expect(body.operator).toBe(false);
  });

  test("goes on where Clerk does not answer, and the webhook brings the address", async () => {
    const pat = clerkUser();
    clerk.down = true;
    const { status, body } = await me(holding(pat.id));
    expect([status, body.user.emailVerified]).toEqual([200, false]);
    expect(app.logged()).toContain("Clerk's API did not tell");
    expect(await clerk.send(app.url, "user.created", pat)).toBe(200);
    const email = pat.email_addresses[0]?.email_address;
    expect((await me(holding(pat.id))).body.user).toMatchObject({ name: "Pat Tester", email, emailVerified: true });
  });

  test("makes nothing for somebody whom Clerk does not know any more", async () => {
    const before = await countOf("users");
    expect((await me(holding("user_gone"))).status).toBe(401);
    expect(await countOf("users")).toBe(before);
  });
});

test("somebody without an e-mail address can work, and is asked for one before the first payment", async () => {
  const pat = clerkUser({ email: null, name: [null, null] });
  expect(await clerk.send(app.url, "user.created", { ...pat, username: "patrick" })).toBe(200);
  const client = holding(pat.id);
  expect((await me(client)).body.user).toMatchObject({ name: "patrick", emailVerified: false });
  expect((await client.post("/api/v1/agents", { who: "", rules: "", tricks: "" })).status).toBe(201);
  const refused = await client.post<Problem>("/api/v1/billing/checkout", { plan: "pro" });
  expect([refused.status, refused.body.code]).toEqual([403, "email_not_confirmed"]);
  const later = { ...clerkUser({ id: pat.id, at: Date.now() + 1 }) };
  expect(await clerk.send(app.url, "user.updated", later)).toBe(200);
  expect((await client.post("/api/v1/billing/checkout", { plan: "pro" })).status).toBe(200);
});

test("whoever runs the service is known by a confirmed address only", async () => {
  const boss = clerkUser({ email: "Boss@example.org", verified: false, at: 1_000 });
  await clerk.send(app.url, "user.created", boss);
  expect((await me(holding(boss.id))).body.operator).toBe(false);
  expect((await holding(boss.id).get("/api/v1/admin/customers")).status).toBe(404);
  await clerk.send(app.url, "user.updated", clerkUser({ id: boss.id, email: "Boss@example.org", at: 2_000 }));
  expect((await me(holding(boss.id))).body.operator).toBe(true);
  expect((await holding(boss.id).get("/api/v1/admin/customers")).status).toBe(200);
});

test("who is welcomed is welcomed once, at a confirmed address", async () => {
  const pat = clerkUser({ verified: false, at: 1_000 });
  const email = pat.email_addresses[0]?.email_address ?? "";
  const letters = async () =>
    (await app.db.operator.query("select dedupe_key as key from mails where recipient = $1", [email])).rows;
  await clerk.send(app.url, "user.created", pat);
  expect(await letters()).toEqual([]);
  for (const at of [2_000, 2_000, 3_000])
    await clerk.send(app.url, "user.updated", clerkUser({ id: pat.id, email, at }));
  expect(await letters()).toEqual([{ key: expect.stringMatching(/^welcome:/) }]);
});

test("an account from before Clerk goes to whoever confirmed its address, and its password and sessions go", async () => {
  const before = await startTestApp({ databaseUrl: app.databaseUrl });
  try {
    const old = await before.signUp({ confirmed: false });
    const squatter = clerkUser({ email: old.email, verified: false });
    await clerk.send(app.url, "user.created", squatter);
    expect((await me(holding(squatter.id))).body.user.id).not.toBe(old.userId);
    const owner = clerkUser({ email: old.email });
    await clerk.send(app.url, "user.created", owner);
    const { body } = await me(holding(owner.id));
    expect([body.user.id, body.workspace.id, body.user.emailVerified]).toEqual([old.userId, old.workspaceId, true]);
    const signIn = { email: old.email, password: "a good long password" };
    expect((await before.stranger().post("/api/auth/sign-in/email", signIn)).status).toBe(401);
    expect((await app.db.operator.query("select from sessions where user_id = $1", [old.userId])).rowCount).toBe(0);
  } finally {
    await before.close();
  }
});

test("an address from before Clerk that somebody confirms later is theirs, though they have an account by then", async () => {
  const before = await startTestApp({ databaseUrl: app.databaseUrl });
  try {
    const old = await before.signUp();
    const pat = clerkUser({ verified: false, at: 1_000 });
    expect(await clerk.send(app.url, "user.created", pat)).toBe(200);
    const own = (await me(holding(pat.id))).body;
    const later = clerkUser({ id: pat.id, email: old.email, at: 2_000 });
    expect(await clerk.send(app.url, "user.updated", later)).toBe(200);
    const { body } = await me(holding(pat.id));
    expect([body.user.id, body.user.email, body.user.emailVerified]).toEqual([own.user.id, old.email, true]);
    expect(body.workspaces.map(({ id }) => id)).toEqual([old.workspaceId, own.workspace.id]);
  } finally {
    await before.close();
  }
});

test("deleted at Clerk: out for good, here too, and what was paid for is paid no more", async () => {
  const payer = await app.payer();
  const { rows } = await app.db.operator.query("select clerk_id as id from clerk_users where user_id = $1", [
    payer.userId,
  ]);
  const id: string = rows[0].id;
  const status = async () =>
    (await app.db.operator.query("select status from subscriptions where workspace_id = $1", [payer.workspaceId]))
      .rows[0].status;
  expect(await status()).toBe("active");
  expect(await clerk.send(app.url, "user.deleted", { id, deleted: true })).toBe(200);
  expect(await clerk.send(app.url, "user.deleted", { id, deleted: true })).toBe(200);
  await app.settled();
  await expect.poll(status, { timeout: 10_000 }).toBe("canceled");
  expect((await me(holding(id))).status).toBe(401);
  expect(await clerk.send(app.url, "user.updated", clerkUser({ id, email: payer.email, at: Date.now() + 1 }))).toBe(
    200,
  );
  expect((await me(holding(id))).status).toBe(401);
  expect((await app.db.operator.query("select from users where email = $1", [payer.email])).rowCount).toBe(0);
  // The same address can be somebody new's.
  const again = clerkUser({ email: payer.email });
  expect(await clerk.send(app.url, "user.created", again)).toBe(200);
  const { body } = await me(holding(again.id));
  expect([body.user.email, body.workspace.plan]).toEqual([payer.email, "free"]);
  expect(body.workspace.id).not.toBe(payer.workspaceId);
});
