import type { Problem } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPaidApp, type PaidApp } from "../../test/paid-app.ts";
import { onceOutside } from "./idempotency.ts";

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

const key = { "idempotency-key": "buy-pro" };
const checkout = "/api/v1/billing/checkout";

test("work that asks Stripe is done once per key, with the first answer for all", async () => {
  const pat = await app.signUp();
  const asked = await Promise.all(
    Array.from({ length: 12 }, () => pat.post<{ url: string }>(checkout, { plan: "pro" }, key)),
  );
  expect(new Set(asked.map(({ status, body }) => `${status} ${body.url}`)).size).toBe(1);
  expect(asked.filter(({ headers }) => headers.get("idempotent-replayed") === "true")).toHaveLength(11);
  const other = await pat.post<Problem>(checkout, { plan: "team" }, key);
  expect(other).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
});

test("a failure frees its key, and so does a request that was killed half-way", async () => {
  const pat = await app.signUp({ confirmed: false });
  expect((await pat.post(checkout, { plan: "pro" }, key)).status).toBe(403);
  await app.db.operator.query("update users set email_verified = true where id = $1", [pat.userId]);
  const { body: first } = await pat.post<{ url: string }>(checkout, { plan: "pro" }, key);
  // As a kill before the answer was kept leaves it.
  await app.db.operator.query(
    "update idempotency_keys set status = null, response = null, created_at = now() - interval '3 minutes' where workspace_id = $1",
    [pat.workspaceId],
  );
  expect((await pat.post<{ url: string }>(checkout, { plan: "pro" }, key)).body.url).toBe(first.url);
});

test("asking to look again looks again, whatever the key", async () => {
  const pat = await app.signUp();
  const lesson = { who: "A baker.", rules: "", tricks: "We open at 8." };
  const say = (text: string) => pat.post<{ text: string }>("/api/v1/agents/preview", { ...lesson, text }, key);
  expect((await say("When do you open?")).body.text).toContain("8");
  expect((await say("Who are you?")).status).toBe(200);
  const { rows } = await app.db.operator.query("select 1 from idempotency_keys where workspace_id = $1", [
    pat.workspaceId,
  ]);
  expect(rows).toEqual([]);
});

test("a request that was taken for dead and fails late does not free the key of the one that took its place", async () => {
  const ctx = app.ctxOf(await app.signUp());
  const keyed = { key: "slow", hash: "the same", status: 200 };
  const start = async () => {
    const held = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<undefined>();
    const answer = onceOutside(ctx, keyed, () => {
      begun.resolve(undefined);
      return held.promise;
    });
    await begun.promise;
    return { answer, held };
  };
  const slow = await start();
  await app.db.operator.query(
    "update idempotency_keys set created_at = created_at - interval '3 minutes' where workspace_id = $1",
    [ctx.workspaceId],
  );
  const next = await start();
  slow.held.reject(new Error("too late"));
  await expect(slow.answer).rejects.toThrow("too late");
  const waiting = onceOutside(ctx, keyed, () => Promise.resolve("done a second time"));
  next.held.resolve("done");
  expect(await next.answer).toEqual({ result: "done", replayed: false });
  expect(await waiting).toEqual({ result: "done", replayed: true });
});
