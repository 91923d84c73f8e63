import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../test/harness.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

test("the nightly job drops keys and sessions whose time is over, and no others", async () => {
  const [old, fresh] = [await app.signUp(), await app.signUp()];
  for (const person of [old, fresh]) {
    await person.post("/api/v1/agents", { who: "", rules: "", tricks: "" }, { "idempotency-key": "k" });
  }
  const { operator } = app.db;
  await operator.query("update idempotency_keys set created_at = now() - interval '8 days' where workspace_id = $1", [
    old.workspaceId,
  ]);
  await operator.query("update sessions set expires_at = now() - interval '1 minute' where user_id = $1", [old.userId]);
  await app.app.jobs.tasks["housekeeping"]?.({}, {} as never);
  const kept = await operator.query("select workspace_id from idempotency_keys");
  expect(kept.rows).toEqual([{ workspace_id: fresh.workspaceId }]);
  const sessions = await operator.query("select user_id from sessions");
  expect(sessions.rows).toEqual([{ user_id: fresh.userId }]);
});
