import * as contract from "@charlie/contract";
import type { Router } from "../../http/route.ts";
import type { BillingServices } from "../billing/index.ts";
import { auditBooks } from "./audit-books.ts";
import { getBillingEvent } from "./get-billing-event.ts";
import { getCustomer } from "./get-customer.ts";
import { getCustomerDecision } from "./get-customer-decision.ts";
import { getReconciliation } from "./get-reconciliation.ts";
import { getRevenue } from "./get-revenue.ts";
import { listBillingDifferences } from "./list-billing-differences.ts";
import { listBillingEvents } from "./list-billing-events.ts";
import { listCustomerAudit } from "./list-customer-audit.ts";
import { listCustomerInvoices } from "./list-customer-invoices.ts";
import { listCustomersAiUsage } from "./list-customers-ai-usage.ts";
import { listCustomers } from "./list-customers.ts";
import { replayBillingEvent } from "./replay-billing-event.ts";
import { startReconciliation } from "./start-reconciliation.ts";

export function adminRoutes(router: Router, billing: BillingServices): void {
  router.operator(contract.listCustomers, (ctx, { query }) => listCustomers(ctx, query, billing));
  router.operator(contract.getCustomer, (ctx, { params }) => getCustomer(ctx, params.id, billing));
  router.operator(contract.listCustomerAudit, (ctx, { params, query }) => listCustomerAudit(ctx, params.id, query));
  router.operator(contract.listCustomerInvoices, (ctx, { params, query }) =>
    listCustomerInvoices(ctx, params.id, query, billing),
  );
  router.operator(contract.listCustomersAiUsage, (ctx, { query }) => listCustomersAiUsage(ctx, query, billing));
  router.operator(contract.getRevenue, (ctx, { query }) => getRevenue(ctx, query, billing));
  router.operator(contract.listBillingEvents, (ctx, { query }) => listBillingEvents(ctx, query));
  router.operator(contract.getBillingEvent, (ctx, { params }) => getBillingEvent(ctx, params.id));
  router.operator(contract.replayBillingEvent, (ctx, { params }) => replayBillingEvent(ctx, params.id));
  router.operator(contract.listBillingDifferences, (ctx, { query }) => listBillingDifferences(ctx, query));
  router.operator(contract.getReconciliation, (ctx) => getReconciliation(ctx));
  router.operator(contract.startReconciliation, (ctx) => startReconciliation(ctx));
  router.operator(contract.getCustomerDecision, (ctx, { params }) => getCustomerDecision(ctx, params.id));
  router.operator(contract.auditBooks, (ctx) => auditBooks(ctx));
}
