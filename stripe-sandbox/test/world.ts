// A sandbox, the official SDK on it, and an endpoint that verifies what is delivered. All that passes is validated.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";
import { startStripeSandbox, type SandboxOptions, type StripeSandbox } from "../src/index.ts";
import { violations } from "./schemas.ts";

export interface World {
  sandbox: StripeSandbox;
  stripe: Stripe;
  secret: string;
  /** Events as delivered, verified by the SDK, in the order of their arrival. */
  delivered: Stripe.Event[];
  /** Answers the endpoint gives, one per delivery; 200 when it is empty. */
  answers: number[];
  /** Waits for all deliveries and returns the types that came since the last call. */
  types(): Promise<string[]>;
  /** Ends everything; throws when anything that passed did not fit the SDK's types. */
  close(): Promise<void>;
}

/** An SDK client whose answers are validated on their way. */
export function validatingClient(port: number, broken: string[]): Stripe {
  const watch = async (input: string | URL | Request, init?: RequestInit) => {
    const response = await fetch(input, init);
    const body: unknown = await response.clone().json();
    const where = `${init?.method} ${new URL(input instanceof Request ? input.url : input).pathname}`;
    if (response.ok) broken.push(...violations(body).map((line) => `${where}: ${line}`));
    else if (typeof (body as { error?: { type?: string } }).error?.type !== "string") {
      broken.push(`${where}: an error without a type`);
    }
    return response;
  };
  return new Stripe("sk_test_world", {
    host: "127.0.0.1",
    port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(watch),
  });
}

export async function createWorld(options: Partial<SandboxOptions> = {}): Promise<World> {
  const broken: string[] = [];
  const delivered: Stripe.Event[] = [];
  const answers: number[] = [];
  const secret = "whsec_world";
  const hook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const status = answers.shift() ?? 200;
      if (status === 200) {
        const event = stripe.webhooks.constructEvent(
          Buffer.concat(chunks),
          request.headers["stripe-signature"] as string,
          secret,
        );
        broken.push(
          ...violations(JSON.parse(Buffer.concat(chunks).toString())).map((line) => `${event.type}: ${line}`),
        );
        delivered.push(event);
      }
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
  const sandbox = await startStripeSandbox({ port: 0, webhooks: [{ url, secret }], ...options });
  const stripe = validatingClient(sandbox.port, broken);
  let seen = 0;
  return {
    sandbox,
    stripe,
    secret,
    delivered,
    answers,
    async types() {
      await sandbox.control.deliveries.settled();
      const fresh = delivered.slice(seen).map((event) => event.type);
      seen = delivered.length;
      return fresh;
    },
    async close() {
      await sandbox.close();
      await new Promise<void>((resolve) => hook.close(() => resolve()));
      if (broken.length > 0) {
        throw new Error(`Not as the SDK's types have it:\n${[...new Set(broken)].slice(0, 40).join("\n")}`);
      }
    },
  };
}

export interface Shop {
  product: Stripe.Product;
  pro: Stripe.Price;
  team: Stripe.Price;
  proYear: Stripe.Price;
}

/** Two plans by the month and one of them by the year. */
export async function createShop(stripe: Stripe): Promise<Shop> {
  const product = await stripe.products.create({ name: "Pro" });
  const other = await stripe.products.create({ name: "Team" });
  const price = (id: string, amount: number, interval: "month" | "year", key: string) =>
    stripe.prices.create({
      product: id,
      currency: "usd",
      unit_amount: amount,
      recurring: { interval },
      lookup_key: key,
    });
  return {
    product,
    pro: await price(product.id, 2900, "month", "pro_month"),
    team: await price(other.id, 7900, "month", "team_month"),
    proYear: await price(product.id, 29_000, "year", "pro_year"),
  };
}

/** A customer with a saved card, on a test clock of their own when `at` is given. */
export async function createPayer(
  stripe: Stripe,
  { card = "pm_card_visa", at }: { card?: string; at?: number } = {},
): Promise<{ customer: Stripe.Customer; clock: Stripe.TestHelpers.TestClock | undefined }> {
  const clock = at === undefined ? undefined : await stripe.testHelpers.testClocks.create({ frozen_time: at });
  const customer = await stripe.customers.create({
    email: "payer@example.com",
    ...(clock && { test_clock: clock.id }),
  });
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
  const updated = await stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: method.id },
  });
  return { customer: updated, clock };
}

/** Advances a test clock and waits until it is ready, as one does at Stripe. */
export async function advance(stripe: Stripe, clock: string, to: number): Promise<void> {
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: to });
  for (;;) {
    const { status } = await stripe.testHelpers.testClocks.retrieve(clock);
    if (status === "ready") return;
    if (status === "internal_failure") throw new Error("the test clock failed");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Seconds since 1970 of a UTC time. */
export const utc = (text: string): number => Date.parse(`${text}Z`) / 1000;
export const DAY = 86_400;
export const HOUR = 3600;
