import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { makeStripe, normaliseEvent } from "../../integrations/stripe/index.ts";
import { makeLog } from "../../log.ts";
import { makeEventIntake, type EventIntake } from "./event-intake.ts";
import { queueEvents } from "./queue-events.ts";

// No worker runs here, so what is queued is there to be looked at; and the pause is far longer than a test.
const pauseMs = 3_600_000;
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(() => query("delete from billing_events; delete from graphile_worker._private_jobs"));

const query = async (sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> =>
  (await app.db.operator.query<Record<string, unknown>>(sql, values)).rows;
const jobs = () => query("select key, attempts, locked_at is not null as taken from graphile_worker.jobs order by id");
const open = () => makeEventIntake({ db: app.db, log: makeLog("silent"), pauseMs });

const eventOf = (customer: string, id = `evt_${randomUUID()}`) => ({
  id,
  type: "customer.subscription.updated",
  data: { object: { id: "sub_1", object: "subscription", customer } },
});
function store(intake: EventIntake, event: ReturnType<typeof eventOf>): Promise<boolean> {
  return intake.store({ event: normaliseEvent(event), json: JSON.stringify(event) });
}

test("of many events at once each is stored once, by two servers that get them in another order", async () => {
  const [one, other] = [open(), open()];
  const [rounds, many] = [10, 60];
  for (let round = 0; round < rounds; round += 1) {
    const events = Array.from({ length: many }, () => eventOf("cus_1"));
    const told = await Promise.all([
      ...events.map((event) => store(one, event)),
      ...events.toReversed().map((event) => store(other, event)),
      ...events.map((event) => store(other, event)),
    ]);
    expect(told.filter(Boolean)).toHaveLength(many);
  }
  expect(await query("select count(*)::int as stored from billing_events")).toEqual([{ stored: rounds * many }]);
  await Promise.all([one.close(), other.close()]);
  expect(await jobs()).toEqual([{ key: "billing:cus_1", attempts: 0, taken: false }]);
});

test("one that PostgreSQL cannot keep is refused alone", async () => {
  const intake = open();
  const all = [eventOf("cus_1"), eventOf("cus_2"), { ...eventOf("cus_3"), note: "a\u0000b" }, eventOf("cus_4")];
  // The first takes both statements, so that the others share one.
  const told = await Promise.allSettled(
    [...all, ...all.map((event) => ({ ...event, id: `${event.id}_again` }))].map((event) => store(intake, event)),
  );
  const once = ["fulfilled", "fulfilled", "rejected", "fulfilled"];
  expect(told.map(({ status }) => status)).toEqual([...once, ...once]);
  expect(await query("select count(*)::int as stored from billing_events")).toEqual([{ stored: 6 }]);
});

test("what was stored by a server that died is queued by the next look, and each customer's once", async () => {
  const intake = open();
  for (const customer of ["cus_1", "cus_2", "cus_2"]) await store(intake, eventOf(customer));
  expect(await jobs()).toEqual([]);
  await app.app.jobs.tasks["billing-events"]?.({}, {} as never);
  await Promise.all([queueEvents(app.db), queueEvents(app.db)]);
  expect(await jobs()).toMatchObject([{ key: "billing:cus_1" }, { key: "billing:cus_2" }]);
  expect(app.app.jobs.crontab).toContain("* * * * * billing-events");
});

test("an event that comes while its customer's job runs gets a job of its own", async () => {
  const intake = open();
  await store(intake, eventOf("cus_1"));
  await intake.close();
  await query("update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker', attempts = 1");
  await query("update billing_events set processed_at = now()");
  await store(intake, eventOf("cus_1"));
  await intake.close();
  expect(await jobs()).toMatchObject([
    { key: null, taken: true },
    { key: "billing:cus_1", taken: false, attempts: 0 },
  ]);
});

test("what failed waits for its own next try, unless something new comes or its job was lost", async () => {
  const intake = open();
  await store(intake, eventOf("cus_1"));
  await intake.close();
  await query("update graphile_worker._private_jobs set attempts = 3, run_at = now() + interval '1 hour'");
  await query("update billing_events set error = 'Stripe is away'");
  await queueEvents(app.db);
  expect(await jobs()).toMatchObject([{ attempts: 3 }]);
  await store(intake, eventOf("cus_1"));
  await intake.close();
  expect(await jobs()).toMatchObject([{ attempts: 0 }]);
  await query("update billing_events set error = 'Stripe is away'; delete from graphile_worker._private_jobs");
  await queueEvents(app.db);
  expect(await jobs()).toMatchObject([{ key: "billing:cus_1", attempts: 0 }]);
});

test("a server that is asked to end queues what still gathers", async () => {
  const secret = "whsec_only_for_this_test";
  const stripe = makeStripe({ secretKey: "sk_test_nobody", server: { host: "127.0.0.1", port: 9 } });
  const second = await startTestApp({
    databaseUrl: app.databaseUrl,
    deps: {
      eventPauseMs: pauseMs,
      stripe: {
        stripe,
        catalogue: () => Promise.reject(new Error("this test has no Stripe")),
        webhookSecrets: [secret],
        customerUrl: () => "http://stripe.test",
        now: () => new Date(),
      },
    },
  });
  const payload = JSON.stringify(eventOf("cus_1"));
  const signature = stripe.webhooks.generateTestHeaderString({ payload, secret });
  const headers = { "content-type": "application/json", "stripe-signature": signature };
  const answer = await fetch(`${second.url}/api/v1/billing/webhook`, { method: "POST", headers, body: payload });
  expect(answer.status).toBe(200);
  expect(await jobs()).toEqual([]);
  await second.close();
  expect(await jobs()).toMatchObject([{ key: "billing:cus_1" }]);
});
