import type { EndpointOutput, listInvoices as endpoint } from "@charlie/contract";
import { eq } from "drizzle-orm";
import { needRole, type Ctx } from "../../context.ts";
import { workspaces } from "../../db/schema/workspaces.ts";
import { badRequest } from "../../errors.ts";
import { isMissing, normaliseInvoice, whileStripeAnswers } from "../../integrations/stripe/index.ts";
import type { BillingServices } from "./services.ts";

/**
 * The workspace's invoices, newest first, from Stripe. Empty where it never paid. Throws 400 `invalid_cursor`,
 * 503 `stripe_away`.
 */
export async function listInvoices(
  ctx: Ctx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  { stripe }: BillingServices,
): Promise<EndpointOutput<typeof endpoint>> {
  needRole(ctx, "admin");
  const [workspace] = await ctx.transaction((tx) =>
    tx.select().from(workspaces).where(eq(workspaces.id, ctx.workspaceId)),
  );
  const customer = workspace?.stripeCustomerId;
  if (!customer) return { items: [], nextCursor: null };
  return whileStripeAnswers(async () => {
    try {
      const page = await stripe.invoices.list({
        customer,
        limit,
        ...(cursor === undefined ? {} : { starting_after: cursor }),
      });
      const items = page.data.map((invoice) => normaliseInvoice(invoice));
      return {
        items: items.map(({ id, number, createdAt, status, totalCents, currency, url, pdfUrl }) => ({
          id,
          number,
          createdAt: createdAt.toISOString(),
          status,
          totalCents,
          currency,
          url,
          pdfUrl,
        })),
        nextCursor: page.has_more ? (items.at(-1)?.id ?? null) : null,
      };
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (cursor !== undefined)
        throw badRequest("invalid_cursor", "This page of invoices is not there. Please start again from the first.");
      // The customer was deleted in Stripe's dashboard.
      return { items: [], nextCursor: null };
    }
  });
}
