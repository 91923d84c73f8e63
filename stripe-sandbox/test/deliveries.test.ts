// Deliveries: signed, retried, and disturbed on request.
import Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, type World } from "./world.ts";

let world: World;
let stripe: Stripe;

beforeEach(async () => {
  world = await createWorld();
  stripe = world.stripe;
});
afterEach(() => world.close());

const make = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => stripe.products.create({ name: `P${index}` })));

test("each event names its request, its version and its object as it was", async () => {
  const product = await stripe.products.create({ name: "One" }, { idempotencyKey: "key-1" });
  await stripe.products.update(product.id, { name: "Two" });
  await world.types();
  const [created, updated] = world.delivered;
  expect(created).toMatchObject({
    object: "event",
    type: "product.created",
    api_version: "2026-10-28.endive",
    request: { idempotency_key: "key-1", id: expect.stringMatching(/^req_/) as string },
    data: { object: { id: product.id, name: "One" } },
  });
  expect(updated).toMatchObject({ data: { object: { name: "Two" }, previous_attributes: { name: "One" } } });
  expect(await stripe.events.retrieve(created!.id)).toMatchObject({ pending_webhooks: 0 });
});

test("an endpoint that fails is asked again until it takes it; until then the event is not delivered", async () => {
  world.answers.push(500, 503);
  const { id } = await stripe.products.create({ name: "Stubborn" });
  const isOpen = async () =>
    (await stripe.events.list({ delivery_success: false })).data.map((event) => event.data.object);
  while ((world.sandbox.control.deliveries.list()[0]?.attempts ?? 0) < 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await isOpen()).toMatchObject([{ id }]);
  expect(await world.types()).toEqual(["product.created"]);
  expect(world.sandbox.control.deliveries.list()).toMatchObject([
    { status: "delivered", attempts: 3, last_status: 200 },
  ]);
  expect(await isOpen()).toEqual([]);
});

test("only the events that an endpoint wants, and none when it is disabled", async () => {
  const [all] = (await stripe.webhookEndpoints.list()).data;
  await stripe.webhookEndpoints.update(all!.id, { enabled_events: ["customer.created"] });
  await stripe.products.create({ name: "Quiet" });
  await stripe.customers.create({});
  expect(await world.types()).toEqual(["customer.created"]);
  await stripe.webhookEndpoints.update(all!.id, { disabled: true });
  await stripe.customers.create({});
  expect(await world.types()).toEqual([]);
  await stripe.webhookEndpoints.update(all!.id, { disabled: false, enabled_events: ["*"] });
  await stripe.customers.create({});
  expect(await world.types()).toEqual(["customer.created"]);
});

test("the secret shows once and signs; the wrong one, an old time and another body do not pass", async () => {
  const made = await stripe.webhookEndpoints.create({
    url: "http://127.0.0.1:9/none",
    enabled_events: ["price.created"],
  });
  expect(made.secret).toMatch(/^whsec_/);
  expect((await stripe.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined();
  expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ deleted: true });
  const { signatureHeader } = await import("../src/events/sign.ts");
  const body = JSON.stringify({ id: "evt_1", object: "event" });
  const now = Math.floor(Date.now() / 1000);
  const check = (secret: string, at: number, text = body) =>
    stripe.webhooks.constructEvent(text, signatureHeader([secret], body, at), "whsec_right");
  expect(check("whsec_right", now)).toMatchObject({ id: "evt_1" });
  expect(() => check("whsec_wrong", now)).toThrow(Stripe.errors.StripeSignatureVerificationError);
  expect(() => check("whsec_right", now - 301)).toThrow(/tolerance/);
  expect(() => check("whsec_right", now, `${body} `)).toThrow(Stripe.errors.StripeSignatureVerificationError);
  const two = signatureHeader(["whsec_old", "whsec_right"], body, now);
  expect(stripe.webhooks.constructEvent(body, two, "whsec_right")).toMatchObject({ id: "evt_1" });
});

test("signatures carry real time, whatever the sandbox's clock says", async () => {
  world.sandbox.control.turnClock(400 * 86_400);
  await stripe.products.create({ name: "Tomorrow" });
  expect(await world.types()).toEqual(["product.created"]);
  expect(world.delivered.at(-1)!.created).toBeGreaterThan(Date.now() / 1000 + 399 * 86_400);
});

test("drop, duplicate, hold, release and redeliver", async () => {
  const { deliveries } = world.sandbox.control;
  deliveries.setMode({ drop: 1 });
  await stripe.products.create({ name: "Lost" });
  expect(await world.types()).toEqual([]);
  const [lost] = (await stripe.events.list({ delivery_success: false })).data;
  expect(lost).toMatchObject({ type: "product.created" });
  expect(deliveries.redeliver(lost!.id)).toBe(1);
  expect(await world.types()).toEqual(["product.created"]);
  deliveries.setMode({ duplicate: true });
  await stripe.products.create({ name: "Twice" });
  expect(await world.types()).toEqual(["product.created", "product.created"]);
  deliveries.setMode({ duplicate: false, hold: true });
  await make(3);
  expect(await world.types()).toEqual([]);
  expect(deliveries.release()).toBe(3);
  expect(await world.types()).toHaveLength(3);
});

test("shuffled, every event still comes, just in another order", async () => {
  const { deliveries } = world.sandbox.control;
  deliveries.setMode({ shuffle: true, hold: true });
  await make(20);
  deliveries.release({ shuffle: true });
  expect(await world.types()).toHaveLength(20);
  const ids = world.delivered.map((event) => event.id);
  expect(new Set(ids).size).toBe(20);
  const sent = world.sandbox.control.events().map((event) => event.id);
  expect(ids).not.toEqual(sent);
});

test("the same by JSON, with Stripe's error shape for what is wrong", async () => {
  const post = async (name: string, body: object) => {
    const response = await fetch(`${world.sandbox.url}/_sandbox/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  expect(await post("deliveries", { hold: true, drop: 2 })).toMatchObject({
    body: { hold: true, drop: 2, shuffle: false },
  });
  expect(await post("deliveries", { hold: false, drop: 0 })).toMatchObject({ status: 200 });
  const before = world.sandbox.control.now();
  expect((await post("clock", { days: 2, hours: 1 })).body.now).toBeGreaterThanOrEqual(before + 2 * 86_400 + 3600);
  expect(await post("clock", { days: -1 })).toMatchObject({ status: 400, body: { error: { param: "days" } } });
  expect(await post("dispute", { charge: "ch_none" })).toMatchObject({
    status: 404,
    body: { error: { code: "resource_missing" } },
  });
  expect(await post("nothing", {})).toMatchObject({ status: 404, body: { error: { type: "invalid_request_error" } } });
  expect(await post("settled", {})).toMatchObject({ body: { settled: true } });
  const state = (await (await fetch(`${world.sandbox.url}/_sandbox/state`)).json()) as object;
  expect(state).toMatchObject({ events: 0, deliveries: { hold: false } });
});

test("what still waits for an endpoint that is deleted is given up", async () => {
  const { deliveries } = world.sandbox.control;
  const gone = await stripe.webhookEndpoints.create({ url: "http://127.0.0.1:9/none", enabled_events: ["*"] });
  await stripe.products.create({ name: "One" });
  await stripe.webhookEndpoints.del(gone.id);
  await deliveries.settled(60_000);
  expect(deliveries.list().map((row) => row.status)).toEqual(expect.arrayContaining(["delivered", "dropped"]));
  expect(await world.types()).toEqual(["product.created"]);
});
