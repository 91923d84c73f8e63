import type { Log } from "../../log.ts";
import type { Stripe } from "stripe";
import type { Database } from "../../db/client.ts";
import type { Catalogue } from "../../integrations/stripe/index.ts";
import { makeTurns, type Turns } from "./turns.ts";

/** Stripe, real or local, as the app is given it. */
export interface StripeParts {
  stripe: Stripe;
  /** Prices and portal, as Stripe knows them. Throws where they cannot be found. */
  catalogue: () => Promise<Catalogue>;
  /** Every secret that a webhook may be signed with; two while one replaces the other. */
  webhookSecrets: readonly string[];
  /** Stripe's time: the real one, or what the local Stripe's clock was turned to. */
  now: () => Date;
}

/** What billing works with. */
export interface BillingServices extends StripeParts {
  db: Database;
  /** The address people type; Stripe sends them back there. */
  publicUrl: string;
  /** How long a plan goes on after a payment failed. */
  graceDays: number;
  log: Log;
  turns: Turns;
}

/** Billing's services for one process. */
export const makeBillingServices = (parts: Omit<BillingServices, "turns">): BillingServices => ({
  ...parts,
  // Each turn holds a database connection while Stripe answers, and may need a second one; the pool has ten.
  turns: makeTurns(4),
});

/** Who acts where Stripe's state is brought over. */
export const stripeSync = { type: "system", name: "stripe-sync" } as const;
