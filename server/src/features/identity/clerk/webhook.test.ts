import { array, assert, asyncProperty, boolean, nat, record } from "fast-check";
import { randomBytes } from "node:crypto";
import type { Me } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../../../test/harness.ts";
import { clerkUser, startClerkStandIn, type ClerkStandIn, type ClerkUser } from "../../../../test/stand-ins/clerk.ts";

let clerk: ClerkStandIn;
let app: TestApp;
/** A second server on the same database. */
let second: TestApp;
beforeAll(async () => {
  clerk = await startClerkStandIn();
  app = await startTestApp({ clerk });
  second = await startTestApp({ clerk, databaseUrl: app.databaseUrl });
});
afterAll(async () => {
  await second.close();
  await app.close();
  await clerk.close();
});

interface Account {
  clerk_id: string;
  user_id: string | null;
  email: string | null;
  email_verified: boolean | null;
  name: string | null;
  workspaces: number;
}

const accounts = async (ids: string[]): Promise<Account[]> =>
  (
    await app.db.operator.query<Account>(
      `select c.clerk_id, c.user_id, u.email, u.email_verified, u.name,
        (select count(*)::int from members m where m.user_id = u.id) as workspaces
      from clerk_users c left join users u on u.id = c.user_id where c.clerk_id = any($1) order by c.clerk_id`,
      [ids],
    )
  ).rows;
const countOf = async (table: string) => (await app.db.operator.query(`select from ${table}`)).rowCount ?? 0;

/** What happens to a person at Clerk, at the times 1, 2, 3 …: their address, confirmed or not, or a deletion. */
const life = record({
  states: array(record({ address: nat(2), verified: boolean() }), { minLength: 1, maxLength: 4 }),
  deleted: boolean(),
});

test("events shuffled, doubled and all at once lead to one account and workspace, as the newest tells", async () => {
  await assert(
    asyncProperty(life, array(nat(), { minLength: 12, maxLength: 12 }), boolean(), async (one, order, atOnce) => {
      const id = `user_${randomBytes(8).toString("hex")}`;
      const stateOf = ({ address, verified }: { address: number; verified: boolean }, at: number): ClerkUser =>
        clerkUser({ id, email: `${id}-${address}@example.org`, verified, name: [`At ${at}`, null], at });
      const told: [type: string, data: object][] = one.states.map((state, index) => [
        index === 0 ? "user.created" : "user.updated",
        stateOf(state, index + 1),
      ]);
      if (one.deleted) told.push(["user.deleted", { id, deleted: true }]);
      // Each at least once, some twice, in the order of random numbers.
      const sent = [...told, ...told.slice(0, 12 - told.length)]
        .map((event, index) => ({ event, at: order[index] ?? 0 }))
        .toSorted((a, b) => a.at - b.at);
      const before = { users: await countOf("users"), workspaces: await countOf("workspaces") };
      const send = ([type, data]: [string, object], index: number) =>
        clerk.send(index % 2 === 0 ? app.url : second.url, type, data);
      const statuses = atOnce ? await Promise.all(sent.map(({ event }, index) => send(event, index))) : [];
      if (!atOnce) for (const [index, { event }] of sent.entries()) statuses.push(await send(event, index));
      expect(new Set(statuses)).toEqual(new Set([200]));

      const last = one.states.at(-1);
      const [account, ...more] = await accounts([id]);
      expect(more).toEqual([]);
      if (one.deleted || last === undefined) {
        expect(account).toMatchObject({ user_id: null, email: null });
        expect(await countOf("users")).toBe(before.users);
      } else {
        const expected = { email: `${id}-${last.address}@example.org`, email_verified: last.verified };
        expect(account).toMatchObject({ ...expected, name: `At ${one.states.length}`, workspaces: 1 });
        expect(await countOf("users")).toBe(before.users + 1);
        expect(await countOf("workspaces")).toBe(before.workspaces + 1);
      }
    }),
    { numRuns: 30 },
  );
}, 120_000);

test("an address that passed from one person to the next stands with the second, in whatever order it is told", async () => {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  for (const order of orders) {
    const [first, next] = [clerkUser({ at: 1_000 }), clerkUser({ at: 3_000 })];
    const shared = first.email_addresses[0]?.email_address ?? "";
    const moved = { ...clerkUser({ id: first.id, email: `new-${shared}`, at: 2_000 }) };
    const took = { ...clerkUser({ id: next.id, email: shared, at: 3_000 }) };
    const events: [string, object][] = [
      ["user.created", first],
      ["user.updated", moved],
      ["user.created", took],
    ];
    for (const index of order) {
      const [type, data] = events[index] ?? ["", {}];
      expect(await clerk.send(app.url, type, data)).toBe(200);
    }
    const found = new Map((await accounts([first.id, next.id])).map((row) => [row.clerk_id, row]));
    expect([order, found.get(first.id)?.email, found.get(next.id)?.email]).toEqual([order, `new-${shared}`, shared]);
    expect([...found.values()].map(({ email_verified: confirmed }) => confirmed)).toEqual([true, true]);
  }
});

test("an address that nobody confirmed keeps nobody from having it", async () => {
  const squatter = clerkUser({ verified: false, at: 9_000 });
  const email = squatter.email_addresses[0]?.email_address ?? "";
  const owner = clerkUser({ email, at: 1_000 });
  const third = clerkUser({ email, verified: false, at: 10_000 });
  for (const person of [squatter, owner, third]) await clerk.send(app.url, "user.created", person);
  const found = new Map((await accounts([squatter.id, owner.id, third.id])).map((row) => [row.clerk_id, row]));
  expect(found.get(owner.id)).toMatchObject({ email, email_verified: true });
  for (const { id } of [squatter, third])
    expect(found.get(id)).toMatchObject({ email: `${id}@no-address.invalid`, email_verified: false });
});

test("forged, changed, stale, early, unsigned and empty ones are refused and leave nothing", async () => {
  const pat = clerkUser();
  const now = Math.floor(Date.now() / 1_000);
  const forged = `whsec_${randomBytes(24).toString("base64")}`;
  const statuses = await Promise.all([
    clerk.send(app.url, "user.created", pat, { secret: forged }),
    clerk.send(app.url, "user.created", clerkUser(), { body: JSON.stringify({ type: "user.created", data: pat }) }),
    clerk.send(app.url, "user.created", pat, { at: now - 400 }),
    clerk.send(app.url, "user.created", pat, { at: now + 400 }),
    clerk.send(app.url, "user.created", pat, { headers: { "content-type": "application/json" } }),
    clerk.send(app.url, "user.created", pat, { body: "" }),
  ]);
  expect(statuses).toEqual([400, 400, 400, 400, 400, 400]);
  expect(await accounts([pat.id])).toEqual([]);
});

test("what is signed and makes no sense is refused; what we do nothing with is taken", async () => {
  const pat = clerkUser();
  const odd: [string, object][] = [
    ["user.created", { ...pat, id: "user_1\u0000" }],
    ["user.created", { ...pat, id: "" }],
    ["user.updated", { ...pat, updated_at: "yesterday" }],
    ["user.deleted", {}],
    ["session.revoked", { id: "sess 1" }],
    ["user.created", []],
  ];
  for (const [type, data] of odd) expect([type, await clerk.send(app.url, type, data)]).toEqual([type, 400]);
  expect(await accounts([pat.id])).toEqual([]);
  for (const type of ["organization.created", "email.created", "session.created"])
    expect(await clerk.send(app.url, type, { id: "x" })).toBe(200);
  // A name is one line that can be kept, whatever somebody wrote.
  const name = ["Pa\u0000t\n", `\ud800${"x".repeat(300)}`] as const;
  expect(await clerk.send(app.url, "user.created", { ...clerkUser({ name }), id: pat.id })).toBe(200);
  expect((await accounts([pat.id]))[0]?.name).toMatch(/^Pat .x{70,80}$/u);
});

test("while a secret is being replaced both are good", async () => {
  const next = `whsec_${randomBytes(24).toString("base64")}`;
  const env = { CLERK_WEBHOOK_SECRET: `${next}, ${clerk.env["CLERK_WEBHOOK_SECRET"]}` };
  const third = await startTestApp({ clerk, databaseUrl: app.databaseUrl, env });
  try {
    for (const secret of [next, clerk.env["CLERK_WEBHOOK_SECRET"] ?? ""])
      expect(await clerk.send(third.url, "user.created", clerkUser(), { secret })).toBe(200);
  } finally {
    await third.close();
  }
});

test("with the database away the answer is 503, so that Clerk sends it again", async () => {
  const away = await startTestApp({ clerk, databaseUrl: "postgres://postgres@127.0.0.1:9/nothing" });
  try {
    expect(await clerk.send(away.url, "user.created", clerkUser())).toBe(503);
    expect(await clerk.send(away.url, "user.deleted", { id: "user_1" })).toBe(503);
    const cookie = `__session=${clerk.token("user_1", { azp: away.url })}`;
    expect((await Object.assign(away.stranger(), { cookie }).get<Me>("/api/v1/me")).status).toBe(503);
  } finally {
    await away.close();
  }
});
