import type { Customer } from "@charlie/contract";
import type { OperatorCtx } from "../../context.ts";
import { asOperator } from "../../db/client.ts";
import { notFound } from "../../errors.ts";
import { presentCustomer, selectCustomers, type StripePages } from "./customers.ts";

/** One workspace as its operator sees it. Throws 404. */
export async function getCustomer(ctx: OperatorCtx, id: string, stripe: StripePages): Promise<Customer> {
  const [row] = await asOperator(ctx.db, (tx) => selectCustomers(tx, [id]));
  if (!row) throw notFound("customer");
  return presentCustomer(row, stripe);
}
