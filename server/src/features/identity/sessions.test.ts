import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeClient } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";

let app: TestApp;
let elsewhere: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  elsewhere = await startTestApp({ databaseUrl: app.databaseUrl, deps: { secrets: app.secrets } });
});
afterAll(async () => {
  await elsewhere.close();
  await app.close();
});

test("on another server, within seconds: who stays signed in is known, who left is not, nor whose account is gone", async () => {
  const [stays, leaves, goes] = [await app.signUp(), await app.signUp(), await app.signUp()];
  const there = [stays, leaves, goes].map(({ cookie }) => Object.assign(makeClient(elsewhere.url), { cookie }));
  const told = async () =>
    (await Promise.all(there.map((client) => client.get("/api/v1/me")))).map(({ status }) => status);
  expect(await told()).toEqual([200, 200, 200]);
  expect((await leaves.post("/api/auth/sign-out")).status).toBe(200);
  await app.db.operator.query("delete from users where id = $1", [goes.userId]);
  await vi.waitFor(async () => expect(await told()).toEqual([200, 401, 401]), { timeout: 10_000, interval: 500 });
}, 20_000);
