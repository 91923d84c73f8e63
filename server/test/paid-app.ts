import { setTimeout as sleep } from "node:timers/promises";
import type { BillingInterval, Subscription, SwitchPreview } from "@charlie/contract";
import { startLocalStripe, type LocalStripe } from "../src/embedded/stripe.ts";
import { makeBillingServices, type BillingServices } from "../src/features/billing/index.ts";
import { startWorker } from "../src/jobs/queue.ts";
import { makeLog } from "../src/log.ts";
import type { AppDeps } from "../src/app.ts";
import type { Database } from "../src/db/client.ts";
import type { Client } from "./client.ts";
import { startTestApp, type TestApp, type TestOptions } from "./harness.ts";

/** A service whose customers pay a local Stripe. */
export interface Paying {
  db: Database;
  local: LocalStripe;
  signUp: TestApp["signUp"];
  /** Billing's services beside the app's own, for calling verbs. */
  billing(parts?: Partial<BillingServices>): BillingServices;
  /** Starts a checkout and returns the id of its session. */
  checkout(client: Client, plan?: "pro" | "team", interval?: BillingInterval): Promise<string>;
  /** A person who has paid for a plan, webhooks included. */
  payer(plan?: "pro" | "team", interval?: BillingInterval): Promise<Client>;
  subscription(client: Client): Promise<Subscription>;
  /** Looks at what a switch costs and agrees to it. Returns the status of the answer. */
  switchTo(client: Client, plan: "pro" | "team", interval?: BillingInterval): Promise<number>;
  /** Waits until every delivery has arrived, and every event that did not fail and every waiting job that is due was worked on. */
  settled(): Promise<void>;
}

export type PaidApp = TestApp & Paying;

/** Checkout sessions carry their id in their address. */
export const sessionIdOf = (url: string): string => /cs_test_\w+/.exec(url)?.[0] ?? "";

async function checkout(
  client: Client,
  plan: "pro" | "team" = "pro",
  interval: BillingInterval = "month",
): Promise<string> {
  const answer = await client.post<{ url: string }>("/api/v1/billing/checkout", { plan, interval });
  if (answer.status !== 200) throw new Error(`checkout answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return sessionIdOf(answer.body.url);
}

export interface PayingParts {
  db: Database;
  /** The service, as people type it. */
  url: string;
  local: LocalStripe;
  signUp: TestApp["signUp"];
  graceDays?: number;
}

/** What tests do where a service, its worker and its local Stripe run. */
export function payingAt({ db, url, local, signUp, graceDays = 7 }: PayingParts): Paying {
  const settled = async (): Promise<void> => {
    await local.control.deliveries.settled();
    for (;;) {
      const { rows } = await db.operator.query<{ open: number }>(
        `select (select count(*)::int from graphile_worker.jobs where run_at <= now() and attempts < max_attempts)
          + (select count(*)::int from billing_events where processed_at is null and error is null) as open`,
      );
      if (rows[0]?.open === 0) return;
      await sleep(20);
    }
  };
  return {
    db,
    local,
    signUp,
    billing: (parts = {}) =>
      makeBillingServices({
        ...local,
        db,
        publicUrl: url,
        graceDays,
        tax: false,
        log: makeLog("silent"),
        pauseMs: 5,
        ...parts,
      }),
    checkout,
    settled,
    payer: async (plan = "pro", interval = "month") => {
      const client = await signUp();
      local.control.payCheckout(await checkout(client, plan, interval));
      await settled();
      return client;
    },
    subscription: async (client) => (await client.get<Subscription>("/api/v1/billing/subscription")).body,
    switchTo: async (client, plan, interval = "month") => {
      const shown = await client.post<SwitchPreview>("/api/v1/billing/preview", { plan, interval });
      return shown.status === 200 ? (await client.post("/api/v1/billing/switch", shown.body)).status : shown.status;
    },
  };
}

/** The real app with a worker and a local Stripe in memory: webhooks arrive over HTTP. */
export async function startPaidApp({
  parts = {},
  ...options
}: Omit<TestOptions, "deps"> & { parts?: Partial<AppDeps> } = {}): Promise<PaidApp> {
  let local: LocalStripe | undefined;
  const app = await startTestApp({
    ...options,
    deps: async (publicUrl) => {
      local = await startLocalStripe({
        port: 0,
        webhookUrl: `${publicUrl}/api/v1/billing/webhook`,
        publicUrl,
        secret: "only for tests",
        log: makeLog("silent"),
      });
      return { ...parts, stripe: local };
    },
  });
  if (!local) throw new Error("the local Stripe did not start");
  const stripe = local;
  const worker = await startWorker(app.db, app.app.jobs, makeLog("silent"));
  return {
    ...app,
    ...payingAt({ ...app, local: stripe, graceDays: app.config.BILLING_GRACE_DAYS }),
    close: async () => {
      await worker.stop();
      await app.close();
      await stripe.close();
    },
  };
}
