import type { Subscription } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../../test/client.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { makeCtx } from "../../context.ts";
import { resumePlan } from "./resume-plan.ts";

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

const day = 24 * 3_600;
const resume = (client: Client) => client.post<Subscription>("/api/v1/billing/resume");

const idOf = async (client: Client): Promise<string> =>
  (
    await app.db.operator.query("select stripe_subscription_id as id from subscriptions where workspace_id = $1", [
      client.workspaceId,
    ])
  ).rows[0].id;

const resumed = async (client: Client) =>
  (
    await app.db.operator.query(
      "select actor_id, subject_id, data from audit_log where workspace_id = $1 and action = 'billing.resumed'",
      [client.workspaceId],
    )
  ).rows;

test("a plan that is set to end goes on, at Stripe too, whichever way it was set; asked again, nothing happens", async () => {
  const pat = await app.payer("team");
  const before = await app.subscription(pat);
  const id = await idOf(pat);
  const inTenDays = app.local.control.now() + 10 * day;
  for (const ends of [{ cancel_at_period_end: true }, { cancel_at: inTenDays }]) {
    await app.local.stripe.subscriptions.update(id, ends);
    await app.settled();
    expect(await app.subscription(pat)).toMatchObject({ cancelAt: expect.any(String), next: { kind: "ends" } });
    expect(await resume(pat)).toMatchObject({ status: 200, body: before });
    expect(await resume(pat)).toMatchObject({ status: 200, body: before });
    const there = await app.local.stripe.subscriptions.retrieve(id);
    expect(there).toMatchObject({ status: "active", cancel_at: null, cancel_at_period_end: false });
  }
  const once = { actor_id: pat.userId, subject_id: id, data: { plan: "team" } };
  expect(await resumed(pat)).toEqual([once, once]);
  app.local.control.turnClock(32 * day);
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", status: "active", cancelAt: null });
});

test("pressed twice at once, it is taken back and put on record once", async () => {
  const pat = await app.payer("pro");
  await app.local.stripe.subscriptions.update(await idOf(pat), { cancel_at_period_end: true });
  const answers = await Promise.all([resume(pat), resume(pat)]);
  expect(answers.map(({ status, body }) => [status, body.cancelAt])).toEqual([
    [200, null],
    [200, null],
  ]);
  expect(await resumed(pat)).toHaveLength(1);
});

test("what is over, or never was, is not brought back", async () => {
  const pat = await app.signUp();
  expect(await resume(pat)).toMatchObject({ status: 409, body: { code: "never_paid" } });
  app.local.control.payCheckout(await app.checkout(pat));
  await app.settled();
  // Ended in Stripe a moment ago, and no event came yet.
  app.local.control.deliveries.setMode({ hold: true });
  await app.local.stripe.subscriptions.cancel(await idOf(pat));
  expect(await resume(pat)).toMatchObject({ status: 409, body: { code: "no_running_plan" } });
  app.local.control.deliveries.setMode({ hold: false });
  app.local.control.deliveries.release();
  await app.settled();
  expect(await resume(pat)).toMatchObject({ status: 409, body: { code: "no_running_plan" } });
  expect(await resumed(pat)).toEqual([]);
});

test("only who may pay may take a cancellation back", async () => {
  const pat = await app.payer("pro");
  await app.local.stripe.subscriptions.update(await idOf(pat), { cancel_at_period_end: true });
  const editor = makeCtx({ ...app.ctxOf(pat), role: "editor" });
  await expect(resumePlan(editor, app.billing())).rejects.toMatchObject({ status: 403, code: "forbidden" });
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ next: { kind: "ends" } });
});
