import type { EndpointOutput, listCustomerInvoices as endpoint } from "@charlie/contract";
import { makeCtx, type OperatorCtx } from "../../context.ts";
import { listInvoices, type BillingServices } from "../billing/index.ts";

/** A workspace's invoices, newest first, as its owner sees them. Throws 400 `invalid_cursor`, 503 `stripe_away`. */
export const listCustomerInvoices = (
  { actor, db }: OperatorCtx,
  workspaceId: string,
  page: { limit: number; cursor?: string | undefined },
  billing: BillingServices,
): Promise<EndpointOutput<typeof endpoint>> =>
  listInvoices(makeCtx({ actor, db, workspaceId, role: "owner" }), page, billing);
