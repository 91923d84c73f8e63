import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance, FastifySchema, HTTPMethods } from "fastify";
import { badRequest } from "../errors.ts";

const bodyLimit = 1024 * 1024;

/**
 * A way in for another service that signs what it sends. A scope of its own, because the signature covers the bytes as
 * they were sent: here the body is not read as JSON. `receive` checks the signature; what it throws is the answer.
 */
export function signedRoute(
  app: FastifyInstance,
  route: { method: HTTPMethods; url: string; schema: FastifySchema },
  receive: (body: Buffer, headers: IncomingHttpHeaders) => Promise<void>,
): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, parsed) => parsed(null, body));
    scope.route({
      ...route,
      config: { access: "signature" },
      bodyLimit,
      handler: async (request, reply) => {
        if (!Buffer.isBuffer(request.body)) {
          throw badRequest("bad_signature", "An event needs a body and a signature.");
        }
        await receive(request.body, request.headers);
        return reply.send({ received: true });
      },
    });
    done();
  });
}
