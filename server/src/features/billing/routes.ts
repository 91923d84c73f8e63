import * as contract from "@charlie/contract";
import type { FastifyInstance } from "fastify";
import { badRequest } from "../../errors.ts";
import type { Router } from "../../http/route.ts";
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

/**
 * Stripe's way in. A scope of its own, because the signature covers the bytes as they were sent: here the body is not
 * read as JSON.
 */
export function billingWebhook(app: FastifyInstance, services: BillingServices): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: 1024 * 1024 }, (_request, body, parsed) =>
      parsed(null, body),
    );
    const { method, path, summary, tag, access, response } = contract.receiveStripeEvent;
    scope.route({
      method,
      url: path,
      schema: { summary, tags: [tag], response: { 200: response } },
      config: { access },
      bodyLimit: 1024 * 1024,
      handler: async (request, reply) => {
        const signature = request.headers["stripe-signature"];
        if (!Buffer.isBuffer(request.body) || typeof signature !== "string") {
          throw badRequest("bad_signature", "An event needs a body and a signature.");
        }
        await receiveEvent(services, request.body, signature);
        return reply.send({ received: true });
      },
    });
    done();
  });
}
