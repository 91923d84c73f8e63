import { randomUUID } from "node:crypto";
import * as contract from "@charlie/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "./client.ts";
import { askAll, call, idsOf, makeRoom } from "./ask-all.ts";
import { cases, endpoints, idPlaces, memberEndpoints, operatorEndpoints, requestOf } from "./endpoint-cases.ts";
import { furnish, furnitureKey, type Furniture } from "./furnish.ts";
import { startPaidApp, type PaidApp } from "./paid-app.ts";
import { cookiesThatFail, startClerkStandIn, type ClerkStandIn } from "./stand-ins/clerk.ts";
import { startProviderStandIn, type ProviderStandIn } from "./stand-ins/providers.ts";

describe.each(["Better Auth", "Clerk"])("with %s", (signIn) => {
  let app: PaidApp;
  let provider: ProviderStandIn;
  let clerk: ClerkStandIn;
  let owner: Client;
  let stranger: Client;
  let theirs: Furniture;
  let own: Furniture;
  const ownersMark = "only-for-the-owner";

  /** All the owner has, as text. */
  async function ownersRows(): Promise<string> {
    const { rows: tables } = await app.db.operator.query<{ name: string }>(
      "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'workspace_id'",
    );
    const rows = await Promise.all(
      tables.map(({ name }) =>
        app.db.operator.query(`select t::text as row from ${name} t where workspace_id = $1 order by 1`, [
          theirs.workspace,
        ]),
      ),
    );
    const { rows: workspace } = await app.db.operator.query("select * from workspaces where id = $1", [
      theirs.workspace,
    ]);
    return JSON.stringify([workspace, ...rows.map((result) => result.rows)], null, 1);
  }

  async function badTokens(): Promise<string[]> {
    const { rows } = await app.db.operator.query("select clerk_id as id from clerk_users where user_id = $1", [
      owner.userId,
    ]);
    return cookiesThatFail(clerk, { id: rows[0]?.id ?? "user_1", azp: app.url });
  }

  /** Nothing in an answer to somebody else may be the owner's. */
  function expectNothingOfTheOwners(text: string, except: string[] = []): void {
    const secrets = [ownersMark, owner.email, owner.userId, furnitureKey, ...Object.values(theirs)];
    expect(secrets.filter((secret) => text.includes(secret) && !except.includes(secret))).toEqual([]);
  }

  beforeAll(async () => {
    provider = await startProviderStandIn();
    clerk = await startClerkStandIn();
    app = await startPaidApp(signIn === "Clerk" ? { clerk } : {});
    [owner, stranger] = [await app.signUp(), await app.signUp()];
    theirs = await furnish(app, owner, ownersMark, provider.url);
    own = await furnish(app, stranger, "of-the-stranger", provider.url);
    await makeRoom(app, own.workspace);
  });
  afterAll(async () => {
    await app.close();
    await provider.close();
    await clerk.close();
  });

  test("every endpoint that takes anything has a case, and each of its ids is named there", () => {
    for (const [name, endpoint] of memberEndpoints) {
      const places = idPlaces(endpoint);
      expect([name, Object.keys(cases[name]?.names ?? {}).toSorted()]).toEqual([name, places.toSorted()]);
      expect([name, Boolean(cases[name]) || !(endpoint.params ?? endpoint.body)]).toEqual([name, true]);
    }
  });

  test("what is open to everybody is written down here, and nothing else is", () => {
    const open = endpoints
      .filter(([, { access }]) => !["member", "operator"].includes(access))
      .map(([name, { access }]) => [name, access]);
    expect(Object.fromEntries(open)).toEqual({
      getConfig: "public",
      listPlans: "public",
      receiveStripeEvent: "signature",
    });
  });

  test("the server has no other route under /api/v1 than the contract's", () => {
    const known = endpoints.map(([, { method, path }]) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const documented = Object.entries(app.app.fastify.swagger().paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.toSorted()).toEqual(known.toSorted());
  });

  describe("nobody", () => {
    test.each(memberEndpoints)("%s asks to sign in first", async (name, endpoint) => {
      const given = cases[name] ?? {};
      const ids = idsOf(given, theirs);
      const before = await ownersRows();
      for (const cookie of ["", "charlie.session=forged.value", ...(await badTokens())]) {
        const answered = await call(
          Object.assign(app.stranger(), { cookie }),
          endpoint,
          requestOf(endpoint, given, ids),
        );
        expect(answered.status).toBe(401);
        expect(JSON.parse(answered.text)).toMatchObject({ code: "not_signed_in" });
      }
      expect(await ownersRows()).toBe(before);
    });
  });

  describe("the operator's endpoints are not there, as addresses that never were", () => {
    const parts = ({ text }: { text: string }) => ({ ...(JSON.parse(text) as object), requestId: "" });

    test.each(operatorEndpoints)("%s", async (_name, endpoint) => {
      const before = await ownersRows();
      const path = endpoint.path.replace(":id", theirs.workspace);
      for (const somebody of [
        app.stranger(),
        Object.assign(app.stranger(), { cookie: "charlie.session=a.b" }),
        owner,
      ]) {
        const answered = await call(somebody, endpoint, { path });
        const nowhere = await call(somebody, endpoint, { path: "/api/v1/no-such-thing" });
        expect([answered.status, parts(answered)]).toEqual([404, parts(nowhere)]);
      }
      expect(await ownersRows()).toBe(before);
    });
  });

  describe("a stranger with a session of their own", () => {
    test.each(memberEndpoints)("%s shows and changes nothing of somebody else's", async (name, endpoint) => {
      const given = cases[name] ?? {};
      const before = await ownersRows();
      const ids = idsOf(given, own);
      for (const [place, kind] of Object.entries(given.names ?? {})) {
        const [answered, unknown] = [
          await call(stranger, endpoint, requestOf(endpoint, given, { ...ids, [place]: theirs[kind] })),
          await call(stranger, endpoint, requestOf(endpoint, given, { ...ids, [place]: randomUUID() })),
        ];
        // 409: a question that is not the conversation's last can't be asked again.
        const expected = given.empty ? 200 : place === "body.replaces" ? 409 : 404;
        expect([place, answered.status]).toEqual([place, expected]);
        // Somebody else's is never told apart from what does not exist.
        const { requestId, ...told } = JSON.parse(answered.text) as Record<string, unknown>;
        expect(JSON.parse(unknown.text)).toMatchObject(told);
        if (given.empty) expect(told).toMatchObject({ items: [] });
        else expect(requestId).toBeTypeOf("string");
        expectNothingOfTheOwners(answered.text);
      }
      expect(await ownersRows()).toBe(before);
    });

    test.each(memberEndpoints)("%s can't be turned to another workspace by its header", async (name, endpoint) => {
      const given = cases[name] ?? {};
      const before = await ownersRows();
      const ids = idsOf(given, theirs);
      const header = { "charlie-workspace": theirs.workspace };
      const answered = await call(stranger, endpoint, requestOf(endpoint, given, ids), header);
      expect(answered.status).toBe(403);
      expectNothingOfTheOwners(answered.text);
      expect(await ownersRows()).toBe(before);
    });

    test("the owner's Idempotency-Key brings no answer of the owner's", async () => {
      const key = { "idempotency-key": "furniture" };
      const text = `Question ${ownersMark}`;
      const answered = await call(
        await app.signUp(),
        contract.sendMessage,
        { path: `/api/v1/agents/${theirs.agent}/messages`, body: { text } },
        key,
      );
      expect(answered.status).toBe(404);
      expectNothingOfTheOwners(answered.text);
    });
  });

  test("the same requests with one's own ids go well, so it was the ids that were refused", async () => {
    const before = await ownersRows();
    for await (const { name, status, text, expected } of askAll(app, stranger, own, provider.url)) {
      expectNothingOfTheOwners(text);
      expect([name, status, status === expected ? "" : text]).toEqual([name, expected, ""]);
    }
    expect(await ownersRows()).toBe(before);
  });
});
