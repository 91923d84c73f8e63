import { randomUUIDv7 } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { plans, receiveStripeEvent } from "@charlie/contract";
import type { Pool } from "pg";
import { workedEvents } from "../server/src/features/billing/event-kinds.ts";
import {
  makeStripe,
  normaliseEvent,
  normaliseSubscription,
  setUpCatalogue,
  type Catalogue,
} from "../server/src/integrations/stripe/index.ts";
import { makeClient, type Client } from "../server/test/client.ts";
import { freePort } from "../server/src/embedded/free-port.ts";
import { inParallel, openLine } from "./load.ts";
import type { Stage } from "./stage.ts";
import { count, median, type Figure } from "./table.ts";

const customers = 12;
const deliveries = 500;
const [warmUps, rounds] = [3, 9];
/** In a row, so that events are worked on while others come. */
const streamed = 10 * deliveries;
const atOnce = 16;
const secret = "whsec_only_for_the_bench";

type StripeClient = ReturnType<typeof makeStripe>;

interface Event {
  type: string;
  customer: string | null;
  /** Without its id, which each delivery makes anew. */
  body: Record<string, unknown>;
}

/** One act that the local Stripe's control page could do. */
async function act(stripeUrl: string, action: string, body: object): Promise<void> {
  const answer = await fetch(`${stripeUrl}/_sandbox/${action}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${action}: ${await answer.text()}`);
}

/** Pays, goes up to Team, cancels and undoes it. Returns the workspace. */
async function live(
  { pool, stripe, stripeUrl }: { pool: Pool; stripe: StripeClient; stripeUrl: string },
  client: Client,
  { prices }: Catalogue,
): Promise<string> {
  const email = `p-${randomUUIDv7()}@example.org`;
  await client.post("/api/auth/sign-up/email", { name: "Pat", email, password: "a good long password" });
  await pool.query("update users set email_verified = true where email = $1", [email]);
  const { body: me } = await client.get<{ workspace: { id: string } }>("/api/v1/me");
  const { status, body } = await client.post<{ url: string }>("/api/v1/billing/checkout", {
    plan: "pro",
    interval: "month",
  });
  if (status !== 200) throw new Error(`checkout: ${JSON.stringify(body)}`);
  const session = /cs_test_\w+/.exec(body.url)?.[0] ?? "";
  await act(stripeUrl, "pay-checkout", { session });
  const { subscription: id } = await stripe.checkout.sessions.retrieve(session);
  if (typeof id !== "string") throw new Error("nothing was bought");
  const { items } = await stripe.subscriptions.retrieve(id);
  const ours = items.data.find(({ price }) => price.id === prices.pro.month);
  await stripe.subscriptions.update(id, {
    items: [{ id: ours?.id ?? "", price: prices.team.month }],
    proration_behavior: "always_invoice",
  });
  await stripe.subscriptions.update(id, { cancel_at_period_end: true });
  await stripe.subscriptions.update(id, { cancel_at_period_end: false });
  return me.workspace.id;
}

async function eventsOf(stripe: StripeClient): Promise<Event[]> {
  const all = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
  return all
    .filter(({ type }) => workedEvents.includes(type))
    .map((event) => ({
      type: event.type,
      customer: normaliseEvent(event).customerId,
      body: JSON.parse(JSON.stringify(event)) as Record<string, unknown>,
    }));
}

/** So many events in any order, each under an id of its own. */
function drawn(events: readonly Event[], length = deliveries): (Event & { id: string; payload: string })[] {
  const shuffled = Array.from({ length }, (_, n) => events[n % events.length]!)
    .map((event) => ({ event, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place);
  return shuffled.map(({ event }) => {
    const id = `evt_${randomUUIDv7().replaceAll("-", "")}`;
    return { ...event, id, payload: JSON.stringify({ ...event.body, id }) };
  });
}

const insertSql = `
insert into billing_events (id, stripe_event_id, type, stripe_customer_id, payload, processed_at)
values ($1, $2, $3, $4, $5, now())`;

/** What nothing can be faster than: the same rows, one durable insert each. */
const insertBare = (pool: Pool, events: ReturnType<typeof drawn>): Promise<number> =>
  inParallel(events, atOnce, async ({ id, type, customer, payload }) => {
    await pool.query({ name: "bare", text: insertSql, values: [randomUUIDv7(), id, type, customer, payload] });
  });

/** Delivers signed events to servers in turn. Returns how many were accepted in a second. */
async function deliver(stripe: StripeClient, urls: string[], events: ReturnType<typeof drawn>): Promise<number> {
  const letters = events.map(({ payload }) =>
    [
      `POST ${receiveStripeEvent.path} HTTP/1.1`,
      "host: 127.0.0.1",
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(payload)}`,
      `stripe-signature: ${stripe.webhooks.generateTestHeaderString({ payload, secret })}`,
      "",
      payload,
    ].join("\r\n"),
  );
  const lines = await Promise.all(Array.from({ length: atOnce }, (_, n) => openLine(urls[n % urls.length] ?? "")));
  const free = [...lines];
  const seconds = await inParallel(letters, atOnce, async (letter) => {
    const line = free.pop();
    const answer = await line?.post(letter);
    if (!line || !answer?.startsWith("HTTP/1.1 200 ")) throw new Error(`a delivery was answered with ${answer}`);
    free.push(line);
  });
  for (const line of lines) line.close();
  return events.length / seconds;
}

/** Waits until all is worked on. Throws what waits and what the queue holds where nothing goes on for a minute. */
async function untilDone(pool: Pool): Promise<void> {
  const sql = "select count(*)::int as waiting from billing_events where processed_at is null";
  let [least, since] = [Infinity, Date.now()];
  for (;;) {
    const waiting = (await pool.query<{ waiting: number }>(sql)).rows[0]?.waiting ?? 0;
    if (waiting === 0) return;
    if (waiting < least) [least, since] = [waiting, Date.now()];
    if (Date.now() - since > 60_000) {
      const events = await pool.query("select * from billing_events where processed_at is null limit 3");
      const jobs = await pool.query("select * from graphile_worker.jobs limit 10");
      throw new Error(`${waiting} events are not worked on: ${JSON.stringify([events.rows, jobs.rows], null, 1)}`);
    }
    await sleep(50);
  }
}

/** Throws unless every workspace stands as Stripe has it and nothing ever failed on the way. */
async function expectTruth(pool: Pool, stripe: StripeClient, workspaces: string[], received: number): Promise<void> {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select w.id, w.plan, w.stripe_customer_id, s.stripe_subscription_id, s.status, s.price_id, s.cancel_at
      from workspaces w left join subscriptions s on s.workspace_id = w.id where w.id = any($1)`,
    [workspaces],
  );
  for (const row of rows) {
    const { data } = await stripe.subscriptions.list({ customer: String(row["stripe_customer_id"]), status: "all" });
    const truth = data.map((each) => normaliseSubscription(each));
    const there = { ids: truth.map(({ id }) => id), status: truth[0]?.status, cancel: truth[0]?.cancelAt };
    const prices = truth.flatMap(({ items }) => items.map(({ price }) => price.id));
    const here = { ids: [row["stripe_subscription_id"]], status: row["status"], cancel: row["cancel_at"] };
    if (
      JSON.stringify(here) !== JSON.stringify(there) ||
      row["plan"] !== "team" ||
      !prices.includes(String(row["price_id"]))
    )
      throw new Error(`lost: ${JSON.stringify({ row, there, prices })}`);
  }
  const { rows: checks } = await pool.query<Record<string, number>>(
    `select (select deadlocks::int from pg_stat_database where datname = current_database()) as deadlocks,
      (select count(*)::int from billing_events where error is not null) as failed,
      (select count(*)::int from billing_events) as stored`,
  );
  const { deadlocks, failed, stored } = checks[0] ?? {};
  if (rows.length !== customers || deadlocks !== 0 || failed !== 0 || stored !== received)
    throw new Error(`not as it should be: ${JSON.stringify({ workspaces: rows.length, ...checks[0], received })}`);
}

/**
 * 500 deliveries of shuffled, signed events to two servers at once, beside bare inserts of the same rows, in turn. Bare
 * inserts are one durable statement each, over the ten connections of one pool, and nothing is worked on meanwhile. What
 * is accepted is worked on a second later (event-intake.ts), so there are two more figures: many in a row, in which
 * the workers of both servers take their share of the machine, and how long it takes until all is done.
 */
export async function webhooks({ databaseUrl, pool, ...stage }: Stage): Promise<Figure[]> {
  const stripePort = await freePort();
  const stripeUrl = `http://127.0.0.1:${stripePort}`;
  const cli = join(import.meta.dirname, "../stripe-sandbox/src/cli.ts");
  await stage.start([cli, "--port", String(stripePort)], { ready: `${stripeUrl}/_sandbox/state` });
  const stripe = makeStripe({ secretKey: "sk_test_local", server: { host: "127.0.0.1", port: stripePort } });
  const work = { stripe, apply: true, tell: () => {} };
  const catalogue = await setUpCatalogue(work, { plans, publicUrl: "http://127.0.0.1" });
  if (!catalogue) throw new Error("the local Stripe was not set up");
  const urls = await Promise.all(
    [1, 2].map(async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const script = [join(import.meta.dirname, "server.ts"), String(port), String(stripePort), secret];
      await stage.start(script, { env: { DATABASE_URL: databaseUrl }, ready: `${url}/readyz`, profile: true });
      return url;
    }),
  );
  const workspaces: string[] = [];
  for (let n = 0; n < customers; n++)
    workspaces.push(await live({ pool, stripe, stripeUrl }, makeClient(urls[n % 2] ?? ""), catalogue));
  const events = await eventsOf(stripe);

  const bare: number[] = [];
  const accepted: number[] = [];
  for (let round = 1; round <= warmUps + rounds; round++) {
    const floor = deliveries / (await insertBare(pool, drawn(events)));
    const ours = await deliver(stripe, urls, drawn(events));
    await untilDone(pool);
    if (round <= warmUps) continue;
    bare.push(floor);
    accepted.push(ours);
  }
  const stream = drawn(events, streamed);
  const began = performance.now();
  const streaming = await deliver(stripe, urls, stream);
  await untilDone(pool);
  const worked = streamed / ((performance.now() - began) / 1_000);
  await expectTruth(pool, stripe, workspaces, 2 * deliveries * (warmUps + rounds) + streamed);
  const ratio = median(accepted.map((ours, n) => ours / (bare[n] ?? 0)));
  const besideBare = (figure: number) => (figure / median(bare)).toFixed(2);
  return [
    { figure: "bare inserts into billing_events", absolute: `${count(median(bare))} events/s` },
    {
      figure: `accepted by two servers, ${deliveries} deliveries, ${customers} customers`,
      absolute: `${count(median(accepted))} events/s`,
      ratio: ratio.toFixed(2),
      aim: { words: "≥ 0.5", met: ratio >= 0.5 },
    },
    {
      figure: `accepted, ${count(streamed)} in a row, the first worked on meanwhile`,
      absolute: `${count(streaming)} events/s`,
      ratio: besideBare(streaming),
    },
    {
      figure: "the same until every customer stands as in Stripe",
      absolute: `${count(worked)} events/s`,
      ratio: besideBare(worked),
    },
    { figure: "deadlocks, failed events, lost updates", absolute: "0" },
  ];
}
