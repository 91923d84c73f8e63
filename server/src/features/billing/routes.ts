import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import { createCheckout } from "./create-checkout.ts";
import { createPortal } from "./create-portal.ts";
import { getSubscription } from "./get-subscription.ts";
import { listInvoices } from "./list-invoices.ts";
import { refreshSubscription } from "./refresh-subscription.ts";
import type { BillingServices } from "./services.ts";

export function billingRoutes(router: Router, services: BillingServices): void {
  router.member(contract.createCheckout, (ctx, { body }) => createCheckout(ctx, body, services));
  router.member(contract.createPortal, (ctx, { body }) => createPortal(ctx, body, services));
  router.member(contract.getSubscription, (ctx) => getSubscription(ctx, services));
  router.member(contract.refreshSubscription, (ctx) => refreshSubscription(ctx, services));
  router.member(contract.listInvoices, (ctx, { query }) => listInvoices(ctx, query, services));
}
