import type { Agent, PlanFit, Problem, Project } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, counted, heard, teach } from "../../../test/chat.ts";
import type { Client } from "../../../test/client.ts";
import { startHeldProvider, type HeldProvider } from "../../../test/held-provider.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";
import { reconcile } from "./reconcile.ts";
import { syncSubscription } from "./sync-subscription.ts";

const hour = 3_600;
const day = 24 * hour;

let app: PaidApp;
let provider: HeldProvider;
beforeAll(async () => {
  app = await startPaidApp();
  provider = await startHeldProvider();
});
afterAll(async () => {
  await app.close();
  await provider.close();
});

/** Two projects, five agents, a conversation; everything about them, but for what a downgrade sets. */
async function settle(client: Client): Promise<Agent[]> {
  const { body: shop } = await client.post<Project>("/api/v1/projects", { name: "Shop" });
  const agents: Agent[] = [];
  for (const [n, projectId] of [undefined, undefined, undefined, undefined, shop.id].entries()) {
    const answers = { name: `A${n}`, who: `Who ${n}`, rules: "Be kind.", tricks: `Trick ${n}.`, projectId };
    agents.push((await client.post<Agent>("/api/v1/agents", answers)).body);
  }
  await client.post(`/api/v1/agents/${agents[1]!.id}/messages`, { text: "Hello?" });
  return agents;
}

/** Every row of what a workspace made, whole, the columns of freezing and picking left out. */
const madeBy = async ({ workspaceId }: Client): Promise<unknown[]> =>
  (
    await app.db.operator.query(
      `select 'agent' as what, to_jsonb(a) - 'frozen_at' - 'picked_at' as row from agents a where workspace_id = $1
      union all select 'project', to_jsonb(p) - 'frozen_at' - 'picked_at' from projects p where workspace_id = $1
      union all select 'conversation', to_jsonb(c) from conversations c where workspace_id = $1
      union all select 'message', to_jsonb(m) from messages m where workspace_id = $1
      order by 1, 2`,
      [workspaceId],
    )
  ).rows;
const listed = async (client: Client) => (await client.get<{ items: Agent[] }>("/api/v1/agents")).body.items;
const frozen = async (client: Client) => (await client.get<PlanFit>("/api/v1/plan-fit")).body.frozen;
const idOf = async (client: Client): Promise<string> => {
  const { rows } = await app.db.operator.query(
    "select stripe_subscription_id as id from subscriptions where workspace_id = $1",
    [client.workspaceId],
  );
  return rows[0].id;
};
const fitted = async ({ workspaceId }: Client) =>
  (
    await app.db.operator.query(
      "select actor_id, data->>'plan' as plan from audit_log where workspace_id = $1 and action = 'plan.fitted' order by id",
      [workspaceId],
    )
  ).rows;
const lastMail = async ({ email }: Client): Promise<{ subject: string; text: string }> =>
  (
    await app.db.operator.query(
      "select subject, text from mails where recipient = $1 order by created_at desc, id desc limit 1",
      [email],
    )
  ).rows[0];

test("a plan that ends freezes what Free has no room for, and paying again brings all back exactly", async () => {
  const pat = await app.payer("pro");
  const agents = await settle(pat);
  const [before, list] = [await madeBy(pat), await listed(pat)];
  await app.local.stripe.subscriptions.cancel(await idOf(pat));
  await app.settled();
  expect(await app.subscription(pat)).toMatchObject({ plan: "free" });
  expect(await frozen(pat)).toEqual({ agents: 2, projects: 1 });
  expect(await madeBy(pat)).toEqual(before);
  const mail = await lastMail(pat);
  expect(mail.subject).toBe("Your Pro plan has ended");
  expect(mail.text).toContain("2 agents and 1 project that Free has no room for fell asleep");

  // Whoever asks again, and however often, changes nothing.
  const told = await fitted(pat);
  expect(told).toEqual([{ actor_id: "stripe-sync", plan: "free" }]);
  const asleep = await listed(pat);
  await Promise.all([1, 2, 3].map(() => syncSubscription(app.billing(), pat.workspaceId, "event")));
  await reconcile(app.billing());
  expect([await listed(pat), await fitted(pat)]).toEqual([asleep, told]);

  const away = asleep.find((agent) => agent.frozen)!;
  const refused = await pat.post<Problem>(`/api/v1/agents/${away.id}/messages`, { text: "Hello?" });
  expect([refused.status, refused.body.code]).toEqual([409, "agent_frozen"]);
  expect(await counted(app, pat.workspaceId)).toBe(1);

  app.local.control.payCheckout(await app.checkout(pat, "pro"));
  await app.settled();
  expect(await frozen(pat)).toEqual({ agents: 0, projects: 0 });
  expect(await madeBy(pat)).toEqual(before);
  expect(await listed(pat)).toEqual(list);
  expect((await pat.get<Agent>(`/api/v1/agents/${agents[4]!.id}`)).body).toEqual(agents[4]);
  expect((await fitted(pat)).map(({ plan }) => plan)).toEqual(["free", "pro"]);
});

test("the end of the days of grace freezes, a late payment thaws; where all fits, the letter speaks of no sleep", async () => {
  const pat = await app.payer("pro");
  await settle(pat);
  const { stripe, control } = app.local;
  const { rows } = await app.db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [
    pat.workspaceId,
  ]);
  const customer: string = rows[0].id;
  control.failPayments({ customer: customer, times: 100 });
  const { periodEnd } = await app.subscription(pat);
  const before = await madeBy(pat);
  const turn = async (seconds: number) => {
    control.turnClock(seconds);
    await app.settled();
  };
  await turn(Math.floor(Date.parse(periodEnd ?? "") / 1_000) - control.now() + 2 * hour);
  expect(await frozen(pat)).toEqual({ agents: 0, projects: 0 });
  await turn(8 * day);
  await pat.post("/api/v1/billing/refresh");
  expect(await app.subscription(pat)).toMatchObject({ plan: "free", status: "past_due" });
  expect(await frozen(pat)).toEqual({ agents: 2, projects: 1 });
  control.failPayments({ customer: customer, times: 0 });
  await turn(14 * day);
  expect(await app.subscription(pat)).toMatchObject({ plan: "pro", status: "active" });
  expect([await frozen(pat), await madeBy(pat)]).toEqual([{ agents: 0, projects: 0 }, before]);

  const kim = await app.payer("team");
  await stripe.subscriptions.cancel(await idOf(kim));
  await app.settled();
  const mail = await lastMail(kim);
  expect(mail.subject).toBe("Your Team plan has ended");
  expect(mail.text).toContain("Nothing was deleted.");
  expect(mail.text).not.toContain("asleep");
});

test("an answer that runs at the moment its agent freezes ends well and counts once", async () => {
  const pat = await app.payer("pro");
  const agent = await teach(pat, provider);
  for (let n = 0; n < 3; n++) await pat.post("/api/v1/agents", { who: "W", rules: "", tricks: "" });
  const reading = await ask(pat, agent.id, { text: "How are you?" });
  const call = await provider.call("How are you?");
  call.say("I am ");
  await reading.until("I am ");
  // He was asked last; whoever is picked instead stands before him.
  const others = (await listed(pat)).filter(({ id }) => id !== agent.id).map(({ id }) => id);
  const picks = { plan: "free", projects: [agent.projectId], agents: others };
  expect((await pat.put("/api/v1/plan-fit", picks)).status).toBe(200);
  await app.local.stripe.subscriptions.cancel(await idOf(pat));
  await app.settled();
  expect((await pat.get<Agent>(`/api/v1/agents/${agent.id}`)).body.frozen).toBe(true);
  call.say("fine.");
  call.finish();
  const { text, state } = heard(await reading.parts);
  expect([text, state]).toEqual(["I am fine.", "complete"]);
  expect(await counted(app, pat.workspaceId)).toBe(1);
});
