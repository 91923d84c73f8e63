import { randomUUIDv7 } from "node:crypto";
import { join } from "node:path";
import { receiveStripeEvent, plans } from "@charlie/contract";
import autocannon from "autocannon";
import { buildWebWhenStale } from "../scripts/build-web.ts";
import { freePort } from "../server/src/embedded/free-port.ts";
import { makeStripe, setUpCatalogue } from "../server/src/integrations/stripe/index.ts";
import { makeChatter, startProvider } from "./chatters.ts";
import type { Part, Stage } from "./stage.ts";
import { count, median, type Figure } from "./table.ts";

const minutes = Number(process.env["LOAD_MINUTES"] ?? 10);
const secret = "whsec_only_for_the_load";
/** Asked for per second: enough to keep a small server busy all the time, not so much that it only queues. */
const perSecond = { pages: 40, reads: 40, answers: 20, webhooks: 10 };
/** Nothing of it may grow with what was done: the later median may be so much above the earlier one. */
const growthAllowed = 1.05;

type Sent = autocannon.Request;

/** Sends requests like this one at a steady rate, from eight connections, until the time is over. */
const send = (url: string, rate: number, requests: Sent[]): Promise<autocannon.Result> =>
  autocannon({ url, connections: 8, duration: minutes * 60, overallRate: rate, timeout: 30, requests });

/** An event that names nobody: stored, queued and worked on like any other. */
function signedEvent(stripe: ReturnType<typeof makeStripe>): Sent {
  return {
    method: "POST",
    path: receiveStripeEvent.path,
    setupRequest: (request) => {
      const id = `evt_${randomUUIDv7().replaceAll("-", "")}`;
      const created = Math.floor(Date.now() / 1_000);
      const object = { id: "cus_nobody", object: "customer" };
      const payload = JSON.stringify({ id, object: "event", type: "customer.updated", created, data: { object } });
      const signature = stripe.webhooks.generateTestHeaderString({ payload, secret });
      return {
        ...request,
        headers: { "content-type": "application/json", "stripe-signature": signature },
        body: payload,
      };
    },
  };
}

/** What the server held in memory, in bytes: one number a second until `over`. */
async function watchMemory(part: Part, over: Promise<unknown>): Promise<number[]> {
  const seen: number[] = [];
  const timer = setInterval(() => seen.push(part.resident()), 1_000);
  await over;
  clearInterval(timer);
  return seen;
}

const failures = (result: autocannon.Result): number => result.errors + result.timeouts + result.non2xx;

/**
 * Pages, reads, streamed and whole answers, and webhooks at once, for LOAD_MINUTES (10), from this process against one
 * server with its worker: no error, memory flat in the second half, latencies by percentile.
 */
export async function load(stage: Stage): Promise<Figure[]> {
  buildWebWhenStale();
  const provider = await startProvider(stage);
  const [port, stripePort] = [await freePort(), await freePort()];
  const cli = join(import.meta.dirname, "../stripe-sandbox/src/cli.ts");
  await stage.start([cli, "--port", String(stripePort)], { ready: `http://127.0.0.1:${stripePort}/_sandbox/state` });
  const stripe = makeStripe({ secretKey: "sk_test_local", server: { host: "127.0.0.1", port: stripePort } });
  await setUpCatalogue({ stripe, apply: true, tell: () => {} }, { plans, publicUrl: "http://127.0.0.1" });
  const url = `http://127.0.0.1:${port}`;
  const script = [join(import.meta.dirname, "server.ts"), String(port), String(stripePort), secret];
  const part = await stage.start(script, {
    env: { DATABASE_URL: stage.databaseUrl },
    ready: `${url}/readyz`,
    profile: true,
  });
  const { client, agentId } = await makeChatter(stage, url, provider, "instant");
  // Charlie's plan ends at 5,000 answers a day; what is measured does not.
  const forget = setInterval(() => {
    void stage.pool.query("update usage_metrics set value = 0 where metric_type = 'messages'");
  }, 10_000);
  stage.after(async () => clearInterval(forget));

  const headers = { origin: url, cookie: client.cookie, "content-type": "application/json" };
  const ask = (accept: string): Sent => ({
    method: "POST",
    path: `/api/v1/agents/${agentId}/messages`,
    headers: { ...headers, accept },
    body: JSON.stringify({ text: "When do you open?" }),
  });
  const get = (path: string): Sent => ({ method: "GET", path, headers });
  const kinds = {
    pages: ["/", "/pricing", "/sign-in"].map(get),
    reads: ["/api/v1/me", "/api/v1/agents", "/api/v1/usage/current"].map(get),
    answers: ["text/event-stream", "application/json"].map(ask),
    webhooks: [signedEvent(stripe)],
  };
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const running = Promise.all(names.map((name) => send(url, perSecond[name], kinds[name])));
  const memory = await watchMemory(part, running);
  const results = await running;

  const middle = median(memory.slice(memory.length / 2, memory.length * 0.6));
  const last = median(memory.slice(memory.length * 0.9));
  const failed = results.reduce((sum, result) => sum + failures(result), 0);
  return [
    ...results.map((result, n) => ({
      figure: `${names[n]}: requests, ms at 50 / 97.5 / 99 %`,
      absolute: `${count(result.requests.total)}, ${result.latency.p50} / ${result.latency.p97_5} / ${result.latency.p99}`,
    })),
    { figure: "errors, time-outs, refusals", absolute: String(failed), aim: { words: "0", met: failed === 0 } },
    {
      figure: "memory in the middle and at the end",
      absolute: `${count(middle / 2 ** 20)} and ${count(last / 2 ** 20)} MB`,
      ratio: (last / middle).toFixed(2),
      aim: { words: "≤ 1.05", met: last <= middle * growthAllowed },
    },
  ];
}
