// The mechanics: idempotency, lists, expansion.
import { connect } from "node:net";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createShop, createWorld, type Shop, type World } from "./world.ts";

let world: World;
let shop: Shop;
let stripe: Stripe;

beforeAll(async () => {
  world = await createWorld();
  stripe = world.stripe;
  shop = await createShop(stripe);
});
afterAll(() => world.close());

interface Answer {
  status: number;
  headers: Headers;
  body: { error?: { type: string; code?: string; param?: string; message: string; decline_code?: string } };
}

async function raw(method: string, path: string, body = "", headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${world.sandbox.url}${path}`, {
    method,
    ...(method !== "GET" && { body }),
    headers: { Authorization: "Bearer sk_test_raw", "Content-Type": "application/x-www-form-urlencoded", ...headers },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
}

describe("idempotency keys", () => {
  test("the same key gives the first answer again and does nothing twice", async () => {
    const options = { idempotencyKey: "once" };
    const first = await stripe.customers.create({ email: "once@example.com" }, options);
    const again = await stripe.customers.create({ email: "once@example.com" }, options);
    expect(again.id).toBe(first.id);
    const replayed = await raw("POST", "/v1/customers", "email=once%40example.com", { "Idempotency-Key": "once" });
    expect(replayed.body).toMatchObject({ id: first.id });
    expect(replayed.headers.get("idempotent-replayed")).toBe("true");
    expect((await stripe.customers.list({ email: "once@example.com" })).data).toHaveLength(1);
  });

  test("another body is refused, as is another path", async () => {
    const options = { idempotencyKey: "strict" };
    await stripe.customers.create({ name: "a" }, options);
    await expect(stripe.customers.create({ name: "b" }, options)).rejects.toMatchObject({
      type: "StripeIdempotencyError",
      statusCode: 400,
    });
    await expect(stripe.products.create({ name: "a" }, options)).rejects.toMatchObject({ statusCode: 400 });
  });

  test("an error of the work itself is replayed, one of its parameters is not", async () => {
    const declined = await raw("POST", "/v1/refunds", "charge=ch_none", { "Idempotency-Key": "late" });
    const replayed = await raw("POST", "/v1/refunds", "charge=ch_none", { "Idempotency-Key": "late" });
    expect(replayed.headers.get("idempotent-replayed")).toBe("true");
    expect(replayed.body).toEqual(declined.body);
    expect((await raw("POST", "/v1/customers", "foo=1", { "Idempotency-Key": "early" })).status).toBe(400);
    expect((await raw("POST", "/v1/customers", "name=x", { "Idempotency-Key": "early" })).status).toBe(200);
  });

  test("a second request while the first is under way gets 409", async () => {
    const body = "name=slow";
    const socket = connect(world.sandbox.port, "127.0.0.1");
    const head = `POST /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_test_raw\r\nIdempotency-Key: busy\r\nContent-Length: ${body.length}\r\n\r\n`;
    await new Promise((resolve) => socket.once("connect", resolve));
    socket.write(head + body.slice(0, 3));
    // A round trip later the server has seen the head of the first one.
    await stripe.balance.retrieve();
    const answer = await raw("POST", "/v1/customers", body, { "Idempotency-Key": "busy" });
    const done = new Promise<string>((resolve) => socket.once("data", (chunk) => resolve(chunk.toString())));
    socket.write(body.slice(3));
    expect(await done).toContain("HTTP/1.1 200");
    socket.destroy();
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({ type: "idempotency_error", code: "idempotency_key_in_use" });
    expect(
      (await raw("POST", "/v1/customers", body, { "Idempotency-Key": "busy" })).headers.get("idempotent-replayed"),
    ).toBe("true");
  });
});

describe("lists and expansion", () => {
  test("pages forward and back meet every object once", async () => {
    const label = "paged@example.com";
    const made: string[] = [];
    for (let count = 0; count < 7; count++) made.unshift((await stripe.customers.create({ email: label })).id);
    const first = await stripe.customers.list({ email: label, limit: 3 });
    expect(first.has_more).toBe(true);
    const walked: string[] = [];
    for await (const row of stripe.customers.list({ email: label, limit: 3 })) walked.push(row.id);
    expect(walked).toEqual(made);
    const before = await stripe.customers.list({ email: label, limit: 3, ending_before: made[5]! });
    expect(before.data.map((row) => row.id)).toEqual(made.slice(2, 5));
    expect(before.has_more).toBe(true);
  });

  test("expansion goes through lists and stops where there is nothing", async () => {
    const prices = await stripe.prices.list({ lookup_keys: ["pro_month"], expand: ["data.product"] });
    expect(prices.data[0]?.product).toMatchObject({ id: shop.product.id, name: "Pro" });
    const { data } = await stripe.prices.list({ lookup_keys: ["pro_month"] });
    expect(data[0]?.product).toBe(shop.product.id);
    await expect(stripe.prices.retrieve(shop.pro.id, { expand: ["nickname.x"] })).resolves.toMatchObject({
      nickname: null,
    });
    await expect(stripe.prices.retrieve(shop.pro.id, { expand: ["nonsense"] })).rejects.toMatchObject({
      param: "expand",
    });
  });

  test("a lookup key moves only when asked to", async () => {
    const fields = {
      product: shop.product.id,
      currency: "usd",
      unit_amount: 3900,
      recurring: { interval: "month" as const },
    };
    await expect(stripe.prices.create({ ...fields, lookup_key: "team_month" })).rejects.toThrow(
      /already uses that lookup key/,
    );
    const moved = await stripe.prices.create({ ...fields, lookup_key: "team_month", transfer_lookup_key: true });
    expect((await stripe.prices.list({ lookup_keys: ["team_month"] })).data.map((row) => row.id)).toEqual([moved.id]);
    expect((await stripe.prices.retrieve(shop.team.id)).lookup_key).toBeNull();
  });

  test("metadata is merged, keys are taken away by emptiness, all by an empty whole", async () => {
    const { id } = await stripe.customers.create({ metadata: { a: "1", b: "2" } });
    expect((await stripe.customers.update(id, { metadata: { b: "", c: "3" } })).metadata).toEqual({ a: "1", c: "3" });
    expect((await stripe.customers.update(id, { metadata: "" })).metadata).toEqual({});
  });

  test("events can be asked for by type, time and success", async () => {
    const created = await stripe.events.list({ type: "price.created", limit: 100 });
    expect(created.data.every((event) => event.type === "price.created")).toBe(true);
    expect((await stripe.events.list({ types: ["product.created", "nothing"] })).data.length).toBeGreaterThan(0);
    expect((await stripe.events.list({ created: { gt: Math.floor(Date.now() / 1000) + 1000 } })).data).toEqual([]);
    await world.types();
    expect((await stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });

  test("a deleted customer is still answered for, and can't be used", async () => {
    const { id } = await stripe.customers.create({});
    expect(await stripe.customers.del(id)).toMatchObject({ id, deleted: true });
    expect(await stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true });
    await expect(stripe.customers.update(id, { name: "x" })).rejects.toMatchObject({ statusCode: 404 });
    expect((await stripe.customers.list({ limit: 100 })).data.map((row) => row.id)).not.toContain(id);
  });

  test("the account and the balance answer", async () => {
    expect(await stripe.accounts.retrieveCurrent()).toMatchObject({ object: "account", charges_enabled: true });
    expect(await stripe.balance.retrieve()).toMatchObject({ object: "balance", livemode: false });
  });
});
