import { receiveStripeEvent as endpoint } from "@charlie/contract";
import type { FastifyInstance } from "fastify";
import { badRequest } from "../../errors.ts";
import { receiveEvent } from "./receive-event.ts";
import type { BillingServices } from "./services.ts";

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
    scope.route({
      method: endpoint.method,
      url: endpoint.path,
      schema: { summary: endpoint.summary, tags: [endpoint.tag], response: { 200: endpoint.response } },
      config: { access: endpoint.access },
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
