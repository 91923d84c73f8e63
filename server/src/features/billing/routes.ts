import * as contract from "@charlie/contract";
import type { FastifyInstance } from "fastify";
import { badRequest } from "../../errors.ts";
import type { Router } from "../../http/route.ts";
import { signedRoute } from "../../http/signed-route.ts";
import { cancelPlan } from "./cancel-plan.ts";
import { createCheckout } from "./create-checkout.ts";
import { createPortal } from "./create-portal.ts";
import { getAiUsage } from "./get-ai-usage.ts";
import { getSubscription } from "./get-subscription.ts";
import { listInvoices } from "./list-invoices.ts";
import { receiveEvent } from "./receive-event.ts";
import { previewSwitch } from "./preview-switch.ts";
import { refreshSubscription } from "./refresh-subscription.ts";
import { resumePlan } from "./resume-plan.ts";
import type { BillingServices } from "./services.ts";
import { switchPlan } from "./switch-plan.ts";

export function billingRoutes(router: Router, services: BillingServices): void {
  router.member(contract.createCheckout, (ctx, { body }) => createCheckout(ctx, body, services));
  router.member(contract.createPortal, (ctx, { body }) => createPortal(ctx, body, services));
  router.member(contract.previewSwitch, (ctx, { body }) => previewSwitch(ctx, body, services));
  router.member(contract.switchPlan, (ctx, { body }) => switchPlan(ctx, body, services));
  router.member(contract.cancelPlan, (ctx) => cancelPlan(ctx, services));
  router.member(contract.resumePlan, (ctx) => resumePlan(ctx, services));
  router.member(contract.getSubscription, (ctx) => getSubscription(ctx, services));
  router.member(contract.refreshSubscription, (ctx) => refreshSubscription(ctx, services));
  router.member(contract.getAiUsage, (ctx) => getAiUsage(ctx, services));
  router.member(contract.listInvoices, (ctx, { query }) => listInvoices(ctx, query, services));
}

/** Stripe's way in. */
export function billingWebhook(app: FastifyInstance, services: BillingServices): void {
  const { method, path, summary, tag, response } = contract.receiveStripeEvent;
  const schema = { summary, tags: [tag], response: { 200: response } };
  signedRoute(app, { method, url: path, schema }, async (body, { "stripe-signature": signature }) => {
    if (typeof signature !== "string") throw badRequest("bad_signature", "An event needs a body and a signature.");
    await receiveEvent(services, body, signature);
  });
}
