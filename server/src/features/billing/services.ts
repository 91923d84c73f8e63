import type { Database } from "../../db/client.ts";
import type { StripeParts } from "../../integrations/stripe/index.ts";
import type { Log } from "../../log.ts";
import { makeEventIntake, type EventIntake } from "./event-intake.ts";
import { makeTurns, type Turns } from "./turns.ts";

/** What billing works with. */
export interface BillingServices extends StripeParts {
  db: Database;
  /** The address people type; Stripe sends them back there. */
  publicUrl: string;
  /** How long a plan goes on after a payment failed. */
  graceDays: number;
  /** Stripe Tax computes the tax at checkout. */
  tax: boolean;
  log: Log;
  turns: Turns;
  intake: EventIntake;
}

/** Billing's services for one process. `pauseMs`: how long events gather before they are worked on. */
export const makeBillingServices = ({
  pauseMs,
  ...parts
}: Omit<BillingServices, "turns" | "intake"> & { pauseMs?: number }): BillingServices => ({
  ...parts,
  // Each turn holds a database connection while Stripe answers, and may need a second one; the pool has ten.
  turns: makeTurns(4),
  intake: makeEventIntake({ db: parts.db, log: parts.log, ...(pauseMs === undefined ? {} : { pauseMs }) }),
});

/** Who acts where Stripe's state is brought over. */
export const stripeSync = { type: "system", name: "stripe-sync" } as const;
