// The mechanics: keys, parameters, errors.
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, type World } from "./world.ts";

let world: World;
let stripe: Stripe;

beforeAll(async () => {
  world = await createWorld();
  stripe = world.stripe;
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
