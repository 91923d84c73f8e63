import type { Stripe } from "stripe";
import { reportUsage } from "../src/features/billing/report-usage.ts";
import { allUsageReports, type UsageReportView } from "../src/features/billing/usage-report-view.ts";
import type { BillingServices } from "../src/features/billing/index.ts";
import { makeStripe } from "../src/integrations/stripe/index.ts";
import type { Client } from "./client.ts";
import type { Paying } from "./paid-app.ts";

export const hour = 3_600;
export const day = 24 * hour;
/** Every step of the way holds what the one before holds. */
export const noDifference = { reported: 0, accepted: 0, invoiced: 0 };

export interface UsageLineSeen {
  micros: number | null;
  cents: number;
  status: string | null;
}

/** What tests of AI usage on its way to the invoice have in common. */
export const usageWorld = (app: Paying) => {
  const customerOf = async ({ workspaceId }: Client): Promise<string> =>
    (await app.db.operator.query("select stripe_customer_id as id from workspaces where id = $1", [workspaceId]))
      .rows[0].id;
  return {
    customerOf,
    report: ({ workspaceId }: Client, services: Partial<BillingServices> = {}): Promise<void> =>
      reportUsage(app.billing(services), workspaceId),
    /** Stripe behind another port, asked once for each call. */
    stripeAt: (port: number): { stripe: Stripe } => {
      const stripe = makeStripe({ secretKey: "sk_test_local", server: { host: "127.0.0.1", port } });
      return { stripe };
    },
    view: async (client: Client): Promise<UsageReportView> => {
      const all = await allUsageReports(app.billing());
      const found = all.find(({ workspaceId }) => workspaceId === client.workspaceId);
      if (!found) throw new Error("this workspace has no usage");
      return found;
    },
    /** The lines of usage on a customer's invoices, the oldest first. */
    usageLines: async (client: Client): Promise<UsageLineSeen[]> => {
      const { usage } = await app.local.catalogue();
      const prices: unknown[] = Object.values(usage?.prices ?? {});
      const { data } = await app.local.stripe.invoices.list({ customer: await customerOf(client), limit: 100 });
      return data
        .toReversed()
        .flatMap(({ lines, status }) =>
          lines.data
            .filter(({ pricing }) => prices.includes(pricing?.price_details?.price))
            .map(({ quantity, amount }) => ({ micros: quantity, cents: amount, status })),
        );
    },
    /** Turns Stripe's clock to so many seconds before (negative: after) the end of the period that runs. */
    turnToEnd: async (client: Client, left: number): Promise<void> => {
      const { periodEnd } = await app.subscription(client);
      app.local.control.turnClock(Math.floor(Date.parse(periodEnd ?? "") / 1_000) - app.local.control.now() - left);
      await app.settled();
    },
    subscriptionOf: async (client: Client): Promise<Stripe.Subscription> => {
      const { data } = await app.local.stripe.subscriptions.list({ customer: await customerOf(client), status: "all" });
      if (!data[0]) throw new Error("there is no subscription");
      return data[0];
    },
  };
};
