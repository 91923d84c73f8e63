import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { startPaidApp, type PaidApp } from "../../../test/paid-app.ts";

let app: PaidApp;
beforeAll(async () => {
  app = await startPaidApp();
});
afterAll(() => app.close());

const path = "/api/v1/billing/webhook";
const priceEvent = () => ({
  id: `evt_${randomUUID()}`,
  object: "event",
  type: "price.updated",
  created: Math.floor(Date.now() / 1_000),
  data: { object: { id: "price_1", object: "price" } },
});

/** Of a kind that is worked on, about a customer that is none of ours. */
const foreignEvent = () => ({
  ...priceEvent(),
  type: "customer.subscription.updated",
  data: { object: { id: "sub_1", object: "subscription", customer: `cus_${randomUUID()}` } },
});

const sign = (
  payload: string,
  secret = app.local.webhookSecrets[0] ?? "",
  timestamp = Math.floor(Date.now() / 1_000),
) => app.local.stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

const send = (payload: string, signature: string | null, url = app.url) =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(signature === null ? {} : { "stripe-signature": signature }) },
    body: payload,
  });

const stored = async (id: string) =>
  (await app.db.operator.query("select * from billing_events where stripe_event_id = $1", [id])).rows;

test("a signed event of a kind we do nothing with is stored and answered", async () => {
  const event = priceEvent();
  const payload = JSON.stringify(event);
  const answer = await send(payload, sign(payload));
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ received: true });
  await app.settled();
  expect(await stored(event.id)).toMatchObject([
    { type: "price.updated", attempts: 0, error: null, stripe_customer_id: null },
  ]);
  expect((await stored(event.id))[0].processed_at).not.toBeNull();
});

test("the same event many times at once is stored and worked on once", async () => {
  const event = foreignEvent();
  const payload = JSON.stringify(event);
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(payload, sign(payload))));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  await app.settled();
  expect(await stored(event.id)).toMatchObject([{ attempts: 1 }]);
});

test("forged, changed, stale, unsigned and empty ones are refused and leave nothing", async () => {
  const event = priceEvent();
  const payload = JSON.stringify(event);
  const old = Math.floor(Date.now() / 1_000) - 301;
  const answers = await Promise.all([
    send(payload, sign(payload, "whsec_of_somebody_else")),
    send(payload.replace("price.updated", "invoice.paid"), sign(payload)),
    send(payload, sign(payload, undefined, old)),
    send(payload, null),
    send(payload, "t=1,v1=nonsense"),
    send("", sign("")),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
  expect(await answers[0]?.json()).toMatchObject({ code: "bad_signature" });
  expect(await stored(event.id)).toEqual([]);
});

test("a signature over what is not an event is refused", async () => {
  const event = priceEvent();
  const odd = [
    null,
    {},
    [],
    7,
    "event",
    { ...event, type: "a\u0000b" },
    { ...event, "\u0000": 1 },
    { ...event, x: "\ud800" },
  ];
  for (const payload of ["not json", ...odd.map((each) => JSON.stringify(each))]) {
    const answer = await send(payload, sign(payload));
    expect([payload, answer.status, await answer.json()]).toMatchObject([payload, 400, { code: "bad_event" }]);
  }
  expect(await stored(event.id)).toEqual([]);
});

test("a clock that is a little ahead is no reason to refuse, one that is far ahead is", async () => {
  const event = priceEvent();
  const payload = JSON.stringify(event);
  const ahead = (seconds: number) => sign(payload, undefined, Math.floor(Date.now() / 1_000) + seconds);
  const answer = await send(payload, ahead(3_000));
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: "bad_signature" }]);
  expect(await stored(event.id)).toEqual([]);
  expect((await send(payload, ahead(200))).status).toBe(200);
});

test("while a secret is being replaced both are good", async () => {
  const next = "whsec_the_next_one";
  const second = await startTestApp({
    databaseUrl: app.databaseUrl,
    deps: { stripe: { ...app.local, webhookSecrets: [next, ...app.local.webhookSecrets] } },
  });
  try {
    for (const secret of [next, app.local.webhookSecrets[0] ?? ""]) {
      const payload = JSON.stringify(priceEvent());
      expect((await send(payload, sign(payload, secret), second.url)).status).toBe(200);
    }
  } finally {
    await second.close();
  }
});

test("with the database away the answer is 503, so that Stripe sends the event again", async () => {
  const away: TestApp = await startTestApp({
    databaseUrl: "postgres://postgres@127.0.0.1:9/nothing",
    deps: { stripe: app.local },
  });
  try {
    const payload = JSON.stringify(priceEvent());
    const answer = await send(payload, sign(payload), away.url);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: "database_away" });
    expect((await send(payload, sign(payload, "whsec_wrong"), away.url)).status).toBe(400);
  } finally {
    await away.close();
  }
});

test("an event that cannot be worked on keeps its attempts and what went wrong, and goes through later", async () => {
  const pat = await app.payer();
  const { rows } = await app.db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [
    pat.workspaceId,
  ]);
  const customer: string = rows[0].id;
  const { data } = await app.local.stripe.subscriptions.list({ customer });
  const foreign = await app.local.stripe.prices.create({
    product: "charlie_pro",
    currency: "usd",
    unit_amount: 100,
    recurring: { interval: "month" },
  });
  const item = data[0]?.items.data[0]?.id ?? "";
  const { prices } = await app.local.catalogue();
  await app.local.stripe.subscriptions.update(data[0]?.id ?? "", { items: [{ id: item, price: foreign.id }] });
  const failed = async () =>
    (
      await app.db.operator.query(
        "select * from billing_events where stripe_customer_id = $1 and type = 'customer.subscription.updated' and error is not null",
        [customer],
      )
    ).rows;
  await expect.poll(failed, { timeout: 10_000 }).toMatchObject([{ processed_at: null }]);
  expect((await failed())[0].error).toContain(foreign.id);
  await app.local.stripe.subscriptions.update(data[0]?.id ?? "", { items: [{ id: item, price: prices.team.month }] });
  await app.settled();
  // The queue waits longer after each failure; this hurries it.
  await app.db.operator.query(
    "update graphile_worker._private_jobs set run_at = now() where task_id is not null and attempts > 0",
  );
  await expect.poll(failed, { timeout: 10_000 }).toEqual([]);
  expect(await app.subscription(pat)).toMatchObject({ plan: "team", status: "active" });
});
