import { plans, type Plan } from "@charlie/contract";
import { startStripeSandbox } from "@charlie/stripe-sandbox";
import { Stripe } from "stripe";
import {
  setUpCatalogue,
  setUpWebhook,
  type Catalogue,
  type Change,
  type WebhookSetUp,
} from "../src/integrations/stripe/index.ts";
import { startDoorman, type Doorman } from "./stripe-doorman.ts";

export const publicUrl = "https://charlie.example.org";
export const webhook = { url: `${publicUrl}/hook`, events: ["invoice.paid", "customer.deleted"] };

/** The catalogue with Pro at 39.00 a month. */
export const dearer = plans.map((plan): Plan => (plan.id === "pro" ? { ...plan, monthlyCents: 3_900 } : plan));

/** What a set-up tells of an empty account. */
export const empty = [
  "make meter charlie_ai_cost_micros",
  "make product charlie_pro",
  "make product charlie_team",
  "make product charlie_ai",
  "make price charlie_pro_monthly",
  "make price charlie_pro_yearly",
  "make price charlie_team_monthly",
  "make price charlie_team_yearly",
  "make price charlie_ai_usage",
  "make price charlie_ai_usage_yearly",
  "make portal configuration",
  `make webhook endpoint ${webhook.url}`,
];

export interface Told {
  catalogue: Catalogue | null;
  endpoint: WebhookSetUp;
  changes: Change[];
  /** The changes in short, without what differs from account to account. */
  told: string[];
}

/** A Stripe account of its own, empty at first. */
export interface Account {
  stripe: Stripe;
  doorman: Doorman;
  setUp(options?: { apply?: boolean; of?: readonly Plan[] }): Promise<Told>;
  close(): Promise<void>;
}

export async function openAccount(): Promise<Account> {
  const sandbox = await startStripeSandbox({ port: 0 });
  const doorman = await startDoorman(sandbox.port);
  const stripe = new Stripe("sk_test_setup", {
    host: "127.0.0.1",
    port: doorman.port,
    protocol: "http",
    maxNetworkRetries: 0,
    telemetry: false,
  });
  return {
    stripe,
    doorman,
    async setUp({ apply = true, of = plans } = {}) {
      const changes: Change[] = [];
      const work = { stripe, apply, tell: (each: Change) => changes.push(each) };
      const catalogue = await setUpCatalogue(work, { plans: of, publicUrl });
      const endpoint = await setUpWebhook(work, webhook);
      const told = changes.map(({ how, what }) => `${how} ${what.replace(/ (bpc|price)_\w+$/, " $1")}`);
      return { catalogue, endpoint, changes, told };
    },
    async close() {
      await doorman.close();
      await sandbox.close();
    },
  };
}

const idOf = (part: string | { id: string }): string => (typeof part === "string" ? part : part.id);

/** All that a set-up looks after, without what differs from account to account. */
export async function everything({ stripe }: Account) {
  const [products, prices, portals, endpoints, meters] = await Promise.all([
    stripe.products.list({ limit: 100 }),
    stripe.prices.list({ limit: 100 }),
    stripe.billingPortal.configurations.list({ limit: 100, expand: ["data.features.subscription_update.products"] }),
    stripe.webhookEndpoints.list({ limit: 100 }),
    stripe.billing.meters.list({ limit: 100 }),
  ]);
  const amountOf = (id: string) => prices.data.find((price) => price.id === id)?.unit_amount;
  return {
    products: products.data.map(({ id, name, description, active }) => ({ id, name, description, active })),
    prices: prices.data
      .map(
        ({ product, unit_amount_decimal, lookup_key, active }) =>
          `${idOf(product)} ${String(unit_amount_decimal)} ${lookup_key} ${active}`,
      )
      .toSorted(),
    portals: portals.data.map(({ active, features, default_return_url }) => ({
      active,
      default_return_url,
      offer: features.subscription_update.products?.map((each) => [each.product, each.prices.map(amountOf)]),
    })),
    meters: meters.data.map(({ event_name, status }) => ({ event_name, status })),
    endpoints: endpoints.data.map(({ url, status, enabled_events }) => ({ url, status, enabled_events })),
  };
}
