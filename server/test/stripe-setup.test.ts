import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { startStripeSandbox } from "@charlie/stripe-sandbox";
import { expect, onTestFinished, test } from "vitest";
import { makeStripe, stripeComplaint } from "../src/integrations/stripe/index.ts";
import { freePort } from "../src/embedded/free-port.ts";
import { startDoorman } from "./stripe-doorman.ts";

const script = join(import.meta.dirname, "../../scripts/stripe-setup.ts");

/** Runs `npm run stripe:setup` as npm does, with nothing else in the environment. */
async function setUp(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, ...args], { env: { PATH: process.env["PATH"], ...env } });
  const said: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, said: Buffer.concat(said).toString() };
}

async function localStripe() {
  const sandbox = await startStripeSandbox({ port: 0 });
  onTestFinished(() => sandbox.close());
  const doorman = await startDoorman(sandbox.port);
  onTestFinished(() => doorman.close());
  return { doorman, server: ["--server", doorman.url] };
}

test("told first, made when asked to, and then in order; the webhook's secret is shown once", async () => {
  const { doorman, server } = await localStripe();
  const dry = await setUp(server);
  expect(dry.code).toBe(0);
  expect(dry.said).toContain("+ make price charlie_pro_monthly\n      29.00 USD a month");
  expect(dry.said).toContain("+ make webhook endpoint http://localhost:3000/api/v1/billing/webhook");
  expect(dry.said).toContain(`Nothing was changed. To make it so: npm run stripe:setup -- --apply ${server.join(" ")}`);
  expect((await setUp([...server, "--check"])).code).toBe(2);
  expect(doorman.changes()).toEqual([]);

  const made = await setUp([...server, "--apply"]);
  expect(made.code).toBe(0);
  expect(made.said).toMatch(
    /Done: 12 changes\.[^]*STRIPE_PRO_PRICE_ID=price_\w+\n[^]*STRIPE_WEBHOOK_SECRET=whsec_\w+\n/,
  );
  expect(doorman.changes()).toHaveLength(12);

  for (const args of [["--apply"], ["--check"]]) {
    const again = await setUp([...server, ...args]);
    expect(again.code).toBe(0);
    expect(again.said).toContain("Everything is as the catalogue has it; nothing was changed.");
    expect(again.said).not.toContain("whsec_");
  }
  expect(doorman.changes()).toEqual([]);
  const other = await setUp(server, { STRIPE_PRO_PRICE_ID: "price_of_my_own", STRIPE_WEBHOOK_SECRET: "whsec_of_mine" });
  expect(other.said).toContain("Note: STRIPE_PRO_PRICE_ID is set to price_of_my_own");
  expect(other.said).not.toContain("whsec_");
}, 90_000);

test("cut off in the middle, it says so, and the next run goes on", async () => {
  const { doorman, server } = await localStripe();
  doorman.cutAt(4, true);
  const cut = await setUp([...server, "--apply"]);
  expect(cut).toMatchObject({ code: 1, said: expect.stringContaining("What was done before this stays") });
  doorman.mend();
  doorman.changes();
  const next = await setUp([...server, "--apply"]);
  expect(next).toMatchObject({ code: 0, said: expect.stringContaining("Done: 8 changes.") });
});

const key = "sk_test_51Nq0rKZbT8mH3xYd";
const live = key.replace("test", "live");
const url = "https://charlie.example.org";

const refusals: [name: string, args: string[], env: Record<string, string>, said: string][] = [
  ["no key", [], { PUBLIC_URL: url }, "STRIPE_SECRET_KEY is not set."],
  ["a publishable key", [], { STRIPE_SECRET_KEY: "pk_test_51Nq0rKZ", PUBLIC_URL: url }, "STRIPE_SECRET_KEY must start"],
  ["no address", [], { STRIPE_SECRET_KEY: key }, "PUBLIC_URL is not set"],
  [
    "this machine's address",
    [],
    { STRIPE_SECRET_KEY: key, PUBLIC_URL: "http://localhost:3000" },
    "--server http://127.0.0.1:3001",
  ],
  ["a live key without the word", ["--apply"], { STRIPE_SECRET_KEY: live, PUBLIC_URL: url }, "add --live"],
  ["a restricted live key", [], { STRIPE_SECRET_KEY: live.replace("sk", "rk"), PUBLIC_URL: url }, "add --live"],
  [
    "a live key that is led elsewhere",
    ["--live"],
    { STRIPE_SECRET_KEY: live, PUBLIC_URL: url, STRIPE_API_URL: "https://gateway.example.org" },
    "take STRIPE_API_URL out",
  ],
  ["the word without a live key", ["--live"], { STRIPE_SECRET_KEY: key, PUBLIC_URL: url }, "--live is for a live key"],
  [
    "a live key over plain HTTP",
    ["--live"],
    { STRIPE_SECRET_KEY: live, PUBLIC_URL: "http://charlie.example.org" },
    "https://",
  ],
  ["a misspelt word", ["--aply"], {}, "Unknown option '--aply'"],
  ["two words that do not go together", ["--apply", "--check"], {}, "please take one of them"],
  ["a server that is no address", ["--server", "localhost"], {}, "--server takes an address"],
];

test.each(refusals)("%s is refused in words, with nothing asked of Stripe", async (_name, args, env, said) => {
  const answer = await setUp(args, env);
  expect(answer).toMatchObject({ code: 1, said: expect.stringContaining(said) });
  expect(answer.said).not.toContain(key.slice(8));
  expect(answer.said).not.toMatch(/\n {4}at /);
});

test("where nobody answers, it says so", async () => {
  const answer = await setUp(["--server", `http://127.0.0.1:${await freePort()}`]);
  expect(answer).toEqual({
    code: 1,
    said: "Stripe cannot be reached from here. Look at the network, then run this again.\n",
  });
});

test.each([
  [401, "Invalid API Key provided: sk_test_****", "Stripe does not know this key"],
  [
    403,
    "The provided key does not have the required permissions",
    "This key may not do that. Stripe says: The provided",
  ],
  [400, "You have reached the maximum of 16 test webhook endpoints.", "Stripe says: You have reached the maximum"],
])("an answer of %i from Stripe is put in words", async (status, message, words) => {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: { type: "invalid_request_error", message } }));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const stripe = makeStripe({
    secretKey: key,
    server: { host: "127.0.0.1", port: (server.address() as AddressInfo).port },
  });
  const error: unknown = await stripe.accounts.retrieveCurrent().catch((reason: unknown) => reason);
  expect(stripeComplaint(error)).toContain(words);
  expect(stripeComplaint(new Error("none of Stripe's"))).toBeNull();
});
