import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";

/** `GET /api/openapi.json`: the HTTP interface, made from the same definitions that check each request. */
export async function useOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Teach Charlie",
        version: "1",
        description:
          "Teach agents, ask them, and see what is used. Errors are RFC 9457 problem documents with a stable `code`. " +
          "Every POST takes an `Idempotency-Key`: the same key gives the first answer again and does nothing twice.",
      },
      components: { securitySchemes: { session: { type: "apiKey", in: "cookie", name: "charlie.session" } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.get("/api/openapi.json", { schema: { hide: true }, config: { access: "public" } }, async () => app.swagger());
}
