import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { renderApiDocs } from "./api-docs/page.ts";

/** As much of JSON Schema as our schemas use. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  format?: string;
  pattern?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: JsonSchema;
}

type Content = Record<string, { schema: JsonSchema }>;

export interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
  security?: object[];
  /** Set on its route; becomes a content type of the answer. */
  "x-streams"?: true;
}

export interface InterfaceDocument {
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
}

const idempotencyKey: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  description: "Visible ASCII characters. The same key gives the first answer again and does nothing twice.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};
const workspace: Parameter = {
  name: "Charlie-Workspace",
  in: "header",
  description: "The id of the workspace to act in; your first one without it.",
  schema: { type: "string", format: "uuid" },
};

/** Says of one operation what its schemas alone do not: headers, error documents, streams. */
function complete(method: string, operation: Operation): void {
  if (operation.security) {
    const headers = method === "post" ? [workspace, idempotencyKey] : [workspace];
    operation.parameters = [...(operation.parameters ?? []), ...headers];
  }
  for (const [status, response] of Object.entries(operation.responses)) {
    const schema = response.content?.["application/json"]?.schema;
    if (status === "default") {
      response.description = "A problem document (RFC 9457)";
      if (schema) response.content = { "application/problem+json": { schema } };
    } else {
      response.description = status === "204" ? "Done; nothing to tell" : "Done";
      if (status === "204") delete response.content;
    }
  }
  if (operation["x-streams"]) {
    const done = operation.responses["200"];
    if (done) done.content = { ...done.content, "text/event-stream": { schema: { type: "string" } } };
    delete operation["x-streams"];
  }
}

const refPrefix = "#/components/schemas/";

/** The names of all schemas that a part of the document points to, directly or through others. */
function namesIn(part: unknown, schemas: Record<string, JsonSchema>, found: Set<string> = new Set()): Set<string> {
  JSON.stringify(part, (key, value: unknown) => {
    if (key === "$ref" && typeof value === "string") {
      const name = value.slice(refPrefix.length);
      if (!found.has(name)) namesIn(schemas[name], schemas, found.add(name));
    }
    return value;
  });
  return found;
}

function finish(made: object): InterfaceDocument {
  // Regular expressions of well-known formats tell a reader nothing.
  const document = JSON.parse(
    JSON.stringify(made, (_key, value: unknown) => {
      if (typeof value !== "object" || value === null || !("format" in value) || !("pattern" in value)) return value;
      const { pattern: _, ...rest } = value;
      return rest;
    }),
  ) as InterfaceDocument;
  for (const operations of Object.values(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) complete(method, operation);
  }
  const used = namesIn(document.paths, document.components.schemas);
  const named = Object.entries(document.components.schemas).filter(([name]) => used.has(name));
  document.components.schemas = Object.fromEntries(named);
  return document;
}

/**
 * `GET /api/openapi.json`: the HTTP interface, made from the same definitions that check each request; and `GET /api/docs`,
 * the same as a page to read.
 */
export async function useOpenApi(app: FastifyInstance, { publicUrl }: { publicUrl: string }): Promise<void> {
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
  let made: InterfaceDocument | undefined;
  const document = () => (made ??= finish(app.swagger()));
  const { origin } = new URL(publicUrl);
  const options = { schema: { hide: true }, config: { access: "public" as const } };
  app.get("/api/openapi.json", options, async () => document());
  app.get("/api/docs", options, async ({ nonce }, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("Cache-Control", "no-store")
      .send(renderApiDocs(document(), { nonce, origin })),
  );
}
