// The mechanics: keys, parameters, errors, idempotency, lists, expansion.
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

describe("keys and versions", () => {
  test.each([
    [{ Authorization: "" }, "You did not provide an API key"],
    [{ Authorization: "Bearer nonsense" }, "Invalid API Key provided"],
    [{ Authorization: "Bearer sk_live_abcdefgh" }, "takes test keys only"],
  ])("%o is refused with 401", async (headers, words) => {
    const answer = await raw("GET", "/v1/customers", "", headers);
    expect(answer.status).toBe(401);
    expect(answer.body.error).toMatchObject({ type: "invalid_request_error" });
    expect(answer.body.error?.message).toContain(words);
  });

  test("the SDK sees an authentication error", async () => {
    const other = new Stripe("wrong", {
      host: "127.0.0.1",
      port: world.sandbox.port,
      protocol: "http",
      maxNetworkRetries: 0,
    });
    await expect(other.customers.list()).rejects.toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
  });

  test("a key as basic auth works, another API version does not", async () => {
    const basic = { Authorization: `Basic ${Buffer.from("sk_test_raw:").toString("base64")}` };
    expect((await raw("GET", "/v1/balance", "", basic)).status).toBe(200);
    const old = await raw("GET", "/v1/balance", "", { "Stripe-Version": "2020-08-27" });
    expect(old.body.error?.message).toContain("Invalid Stripe API version");
    expect(old.status).toBe(400);
  });

  test("every answer names its request and the version", async () => {
    const { headers } = await raw("GET", "/v1/balance");
    expect(headers.get("request-id")).toMatch(/^req_\w{14}$/);
    expect(headers.get("stripe-version")).toBe("2026-10-28.endive");
  });
});

describe("errors", () => {
  test.each<[string, string, string, number, object]>([
    [
      "POST",
      "/v1/customers",
      "foo=1&bar[x]=2",
      400,
      { code: "parameter_unknown", param: "foo", message: "Received unknown parameters: foo, bar" },
    ],
    ["POST", "/v1/customers", "metadata=x", 400, { param: "metadata", message: "Invalid object" }],
    ["POST", "/v1/customers", "email=", 200, {}],
    ["POST", "/v1/customers", "email=nonsense", 400, { code: "email_invalid", param: "email" }],
    ["POST", "/v1/customers", "balance=ten", 400, { code: "parameter_invalid_integer", param: "balance" }],
    [
      "POST",
      "/v1/products",
      "",
      400,
      { code: "parameter_missing", param: "name", message: "Missing required param: name." },
    ],
    ["POST", "/v1/products", "name=", 400, { code: "parameter_invalid_empty", param: "name" }],
    ["POST", "/v1/products", "name=x&active=yes", 400, { param: "active", message: "Invalid boolean: yes" }],
    [
      "POST",
      "/v1/prices",
      "product=prod_x&currency=usd&unit_amount=1",
      400,
      { code: "resource_missing", param: "product", message: "No such product: 'prod_x'" },
    ],
    [
      "POST",
      "/v1/prices",
      "product_data[name]=x&currency=usd&unit_amount=1&recurring[interval]=decade",
      400,
      { param: "recurring[interval]" },
    ],
    [
      "POST",
      "/v1/prices",
      "product_data[name]=x&currency=usd",
      400,
      { code: "parameter_missing", param: "unit_amount" },
    ],
    [
      "GET",
      "/v1/customers/cus_none",
      "",
      404,
      { code: "resource_missing", param: "id", message: "No such customer: 'cus_none'" },
    ],
    ["GET", "/v1/customers?limit=0", "", 400, { param: "limit" }],
    ["GET", "/v1/customers?limit=101", "", 400, { param: "limit" }],
    ["GET", "/v1/customers?starting_after=cus_none", "", 400, { code: "resource_missing", param: "starting_after" }],
    [
      "POST",
      "/v1/checkout/sessions",
      "mode=payment&success_url=https://x.example&line_items[0][price]=x",
      400,
      { param: "mode" },
    ],
    ["POST", "/v1/subscriptions", "customer=cus_none&items[0][price]=price_none", 400, { param: "customer" }],
    [
      "POST",
      "/v1/payment_methods",
      "type=card&card[number]=4242424242424241&card[exp_month]=1&card[exp_year]=2040",
      402,
      { type: "card_error", code: "incorrect_number" },
    ],
  ])("%s %s %s → %i", async (method, path, body, status, error) => {
    const answer = await raw(method, path, body);
    expect(answer.status).toBe(status);
    if (status >= 400) expect(answer.body.error).toMatchObject({ type: "invalid_request_error", ...error });
  });

  test.each([
    ["GET", "/v1/nothing"],
    ["PUT", "/v1/customers"],
    ["DELETE", "/v1/prices/price_1"],
    ["GET", "/v2/core/accounts"],
  ])("%s %s is an unrecognized URL in Stripe's shape", async (method, path) => {
    const answer = await raw(method, path);
    expect(answer.status).toBe(404);
    expect(answer.body.error?.type).toBe("invalid_request_error");
    expect(answer.body.error?.message).toContain(`Unrecognized request URL (${method}: ${path})`);
  });

  test("the SDK gets its own error classes", async () => {
    await expect(stripe.customers.retrieve("cus_none")).rejects.toMatchObject({
      type: "StripeInvalidRequestError",
      statusCode: 404,
      code: "resource_missing",
      requestId: expect.stringMatching(/^req_/) as string,
    });
    const { id: customer } = await stripe.customers.create({});
    await expect(stripe.paymentMethods.attach("pm_card_visa_chargeDeclined", { customer })).rejects.toMatchObject({
      type: "StripeCardError",
      code: "card_declined",
      decline_code: "generic_decline",
    });
  });

  test("a body that is too large is refused", async () => {
    expect((await raw("POST", "/v1/customers", `description=${"x".repeat(1_100_000)}`)).status).toBe(413);
  });
});

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
