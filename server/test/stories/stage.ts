import { randomBytes, randomUUIDv7 } from "node:crypto";
import type { BillingInterval } from "@charlie/contract";
import type { Stripe } from "stripe";
import { makeCtx } from "../../src/context.ts";
import { openDatabase, type Database } from "../../src/db/client.ts";
import { startLocalStripe, type LocalStripe } from "../../src/embedded/stripe.ts";
import { createCheckout } from "../../src/features/billing/create-checkout.ts";
import { makeBillingServices, type BillingServices } from "../../src/features/billing/index.ts";
import { ensureWorkspace } from "../../src/features/workspaces/index.ts";
import type { Catalogue } from "../../src/integrations/stripe/index.ts";
import { makeLog } from "../../src/log.ts";
import { cloneDatabase } from "../database.ts";
import { StripeTape } from "./stripe-tape.ts";

export const hour = 3_600;
export const day = 24 * hour;

/** Where a story plays: one workspace, one customer, and a local Stripe whose clock it turns. */
export interface Stage {
  stripe: Stripe;
  control: LocalStripe["control"];
  prices: Catalogue["prices"];
  db: Database;
  workspaceId: string;
  tape: StripeTape;
  services: BillingServices;
  customer(): Promise<string>;
  /** Opens our payment page; answers with its session. */
  checkout(plan: "pro" | "team", interval?: BillingInterval): Promise<string>;
  pay(plan: "pro" | "team", interval?: BillingInterval): Promise<void>;
  /** The customer's newest subscription. */
  current(): Promise<Stripe.Subscription>;
  /** Turns the clock to a while (in seconds) after the current period's end. */
  afterPeriod(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const own = await cloneDatabase();
  const db = openDatabase(own.url, { max: 3 });
  const local = await startLocalStripe({
    port: 0,
    webhookUrl: "http://127.0.0.1:9/nobody",
    publicUrl: "http://charlie.test",
    secret: "only for stories",
    log: makeLog("silent"),
  });
  // Events are taken from Stripe's own list and delivered by the test.
  local.control.deliveries.setMode({ hold: true });
  const tape = new StripeTape(Number(new URL(local.url).port), local.now);
  const { prices } = await local.catalogue();
  const services = makeBillingServices({
    ...local,
    stripe: tape.stripe,
    now: tape.now,
    db,
    publicUrl: "http://charlie.test",
    graceDays: 7,
    tax: false,
    log: makeLog("silent"),
    // Queued when the story drains its events, never by time.
    pauseMs: 3_600_000,
  });
  const userId = randomUUIDv7();
  await db.operator.query("insert into users (id, name, email, email_verified) values ($1, 'Pat', $2, true)", [
    userId,
    `p-${randomBytes(6).toString("hex")}@example.org`,
  ]);
  const [membership] = await ensureWorkspace(db, { id: userId, name: "Pat" });
  const workspaceId = membership?.workspaceId ?? "";
  const ctx = makeCtx({ actor: { type: "user", userId }, role: "owner", workspaceId, db });

  const stage: Stage = {
    stripe: local.stripe,
    control: local.control,
    prices,
    db,
    workspaceId,
    tape,
    services,
    customer: async () => {
      const { rows } = await db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [
        workspaceId,
      ]);
      return rows[0].id;
    },
    checkout: async (plan, interval = "month") =>
      /cs_test_\w+/.exec((await createCheckout(ctx, { plan, interval }, services)).url)?.[0] ?? "",
    pay: async (plan, interval) => void local.control.payCheckout(await stage.checkout(plan, interval)),
    current: async () => {
      const { data } = await local.stripe.subscriptions.list({ customer: await stage.customer(), status: "all" });
      if (!data[0]) throw new Error("there is no subscription yet");
      return data[0];
    },
    afterPeriod: async (seconds) => {
      const end = (await stage.current()).items.data[0]?.current_period_end ?? 0;
      local.control.turnClock(end + seconds - local.control.now());
    },
    close: async () => {
      await local.close();
      await db.close();
      await own.drop();
    },
  };
  return stage;
}
