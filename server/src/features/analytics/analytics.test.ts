import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Me } from "@charlie/contract";
import type { Client } from "../../../test/client.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startRecorder, type Recorder } from "../../../test/stand-ins/recorder.ts";

let posthog: Recorder;
let status = 200;
let app: TestApp;
beforeAll(async () => {
  posthog = await startRecorder(() => ({ status }));
  app = await startTestApp({ env: { POSTHOG_KEY: "phc_Ohr7aij4ahPoo3di", POSTHOG_HOST: posthog.url } });
});
afterEach(() => {
  posthog.requests.length = 0;
  status = 200;
});
afterAll(async () => {
  await app.close();
  await posthog.close();
});

const words = "My neighbour steals bread";
const consent = (client: Client, yes: boolean) => client.put("/api/v1/me/analytics-consent", { consent: yes });

/** Runs the job for every minute in which something of what happened up to now would be told. */
async function tell(): Promise<void> {
  const task = app.app.jobs.tasks["tell-analytics"];
  for (let minute = 0; minute <= 14; minute += 1) {
    const ts = new Date(Math.floor(Date.now() / 60_000) * 60_000 + minute * 60_000).toISOString();
    await task?.({ _cron: { ts } }, {} as Parameters<NonNullable<typeof task>>[1]);
  }
}

interface Batch {
  api_key: string;
  batch: { uuid: string; event: string; distinct_id: string; properties: object }[];
}
const sent = () => posthog.requests.flatMap(({ body }) => (JSON.parse(body.toString()) as Batch).batch);
const eventsFor = ({ userId }: Client) =>
  sent()
    .filter((event) => event.distinct_id === userId)
    .map(({ event }) => event)
    .toSorted();

/** Teaches, asks twice, and meets the limit of agents. */
async function live(client: Client): Promise<void> {
  const answers = { who: words, rules: client.email, tricks: words };
  const first = await client.post<{ id: string }>("/api/v1/agents", { name: "Rex", ...answers });
  for (let n = 0; n < 2; n += 1)
    await client.post(`/api/v1/agents/${first.body.id}/messages`, { text: words }, { accept: "application/json" });
  let last = 201;
  while (last !== 402) last = (await client.post("/api/v1/agents", { name: "Rex", ...answers })).status;
}

test("without a yes not one byte is sent", async () => {
  const [silent, no, changed] = [await app.signUp(), await app.signUp(), await app.signUp()];
  expect((await consent(no, false)).status).toBe(204);
  await consent(changed, true);
  for (const client of [silent, no, changed]) await live(client);
  await consent(changed, false);
  await tell();
  expect(posthog.requests).toEqual([]);
});

test("after a yes it is told what was done, by the account's id, and nothing that was written", async () => {
  const pat = await app.signUp();
  expect((await pat.get<Me>("/api/v1/me")).body.user.analyticsConsent).toBeNull();
  await consent(pat, true);
  expect((await pat.get<Me>("/api/v1/me")).body.user.analyticsConsent).toBe(true);
  await live(pat);
  await tell();
  const told = eventsFor(pat);
  expect(new Set(told)).toEqual(new Set(["signed up", "agent taught", "first answer", "limit met"]));
  expect(told.filter((event) => event === "first answer")).toHaveLength(1);
  for (const secret of [words, pat.email, "Rex", "Pat Tester"]) expect(posthog.received()).not.toContain(secret);
  // Told again, they are the same events.
  const ids = new Set(sent().map(({ uuid }) => uuid));
  await tell();
  expect(new Set(sent().map(({ uuid }) => uuid))).toEqual(ids);
});

test("what was done before the yes is not told, but for a sign-up just before", async () => {
  const pat = await app.signUp();
  await live(pat);
  await consent(pat, true);
  await tell();
  expect(eventsFor(pat)).toEqual(["signed up"]);
});

test("a checkout and a first payment are told", async () => {
  const pat = await app.signUp();
  await consent(pat, true);
  const audit = (action: string, data: object) =>
    app.db.operator.query(
      "insert into audit_log (id, workspace_id, actor_type, actor_id, action, data) values (gen_random_uuid(), $1, 'system', 'test', $2, $3)",
      [pat.workspaceId, action, data],
    );
  await audit("billing.checkout_started", { plan: "pro" });
  await audit("billing.synced", { workspacePlan: { from: "free", to: "pro" } });
  await audit("billing.synced", { workspacePlan: { from: "pro", to: "team" } });
  // Ids as the app makes them, of now.
  await app.db.operator.query(
    "update audit_log set id = (substr(first_id(now())::text, 1, 14) || substr(id::text, 15))::uuid where actor_id = 'test'",
  );
  await tell();
  expect(eventsFor(pat)).toEqual(["checkout begun", "paid", "signed up"]);
});

test("a receiver that fails fails the job, which is tried again; no request notices", async () => {
  const pat = await app.signUp();
  await consent(pat, true);
  status = 500;
  await live(pat);
  await expect(tell()).rejects.toThrow("PostHog answers 500");
  status = 200;
  await tell();
  expect(eventsFor(pat)).toContain("agent taught");
});

test("where nobody counts, nobody is asked, and there is no job", async () => {
  const other = await startTestApp();
  expect(Object.keys(other.app.jobs.tasks)).not.toContain("tell-analytics");
  expect((await other.stranger().get<{ analytics: boolean }>("/api/v1/config")).body.analytics).toBe(false);
  expect((await app.stranger().get<{ analytics: boolean }>("/api/v1/config")).body.analytics).toBe(true);
  await other.close();
});
