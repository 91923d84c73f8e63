import type { EndpointDefinition, EndpointOutput } from "@charlie/contract";
import { problem } from "@charlie/contract";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Ctx, OperatorCtx } from "../context.ts";
import { AppError } from "../errors.ts";
import { idempotencyKeyOf, onceInTransaction, onceOutside, requestHash } from "./idempotency.ts";
import { sendNotFound } from "./problem.ts";
import type { Rates } from "./rates.ts";

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** The checked input of an endpoint. */
export interface Input<E extends EndpointDefinition> {
  params: Parsed<E["params"]>;
  query: Parsed<E["query"]>;
  body: Parsed<E["body"]>;
}

interface Http {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Finds out who asks and in which workspace. Throws 401 or 403. */
export type Authenticate = (request: FastifyRequest) => Promise<Ctx>;

/** The context of whoever runs the service; `null` for everybody else. Throws 401 or 403 as `Authenticate` does. */
export type AuthenticateOperator = (request: FastifyRequest) => Promise<OperatorCtx | null>;

export interface Entrance {
  authenticate: Authenticate;
  operator: AuthenticateOperator;
  /** Called once `authenticate` or `operator` was. */
  limit: Rates["member"];
}

/** Pairs endpoints with verbs. */
export interface Router {
  /** For signed-in people. A POST honours `Idempotency-Key`. */
  member<E extends EndpointDefinition>(
    endpoint: E,
    verb: (ctx: Ctx, input: Input<E>) => Promise<EndpointOutput<E>>,
  ): void;
  /** For whoever runs the service; everybody else finds nothing there. */
  operator<E extends EndpointDefinition>(
    endpoint: E,
    verb: (ctx: OperatorCtx, input: Input<E>) => Promise<EndpointOutput<E>>,
  ): void;
  /** For anybody. */
  open<E extends EndpointDefinition>(
    endpoint: E,
    verb: (input: Input<E>, http: Http) => Promise<EndpointOutput<E>>,
  ): void;
  /** For signed-in people; the handler writes the reply itself (streams, files) or returns what is to be sent. */
  stream<E extends EndpointDefinition>(
    endpoint: E,
    handler: (ctx: Ctx, input: Input<E>, http: Http) => Promise<EndpointOutput<E> | FastifyReply>,
  ): void;
}

const schemaOf = (endpoint: EndpointDefinition) => ({
  summary: endpoint.summary,
  tags: [endpoint.tag],
  ...(["member", "operator"].includes(endpoint.access) ? { security: [{ session: [] }] } : {}),
  ...(endpoint.streams ? { "x-streams": true } : {}),
  ...(endpoint.params ? { params: endpoint.params } : {}),
  ...(endpoint.query ? { querystring: endpoint.query } : {}),
  ...(endpoint.body ? { body: endpoint.body } : {}),
  response: {
    [endpoint.status ?? 200]: endpoint.contentType
      ? { content: { [endpoint.contentType]: { schema: endpoint.response } } }
      : endpoint.response,
    default: problem,
  },
});

const inputOf = <E extends EndpointDefinition>(request: FastifyRequest): Input<E> =>
  // The validator compiler has parsed these with the endpoint's own schemas.
  ({ params: request.params, query: request.query, body: request.body }) as Input<E>;

/** A router on this app. Before anything of a request is read, it is found out who asks. */
export function makeRouter(app: FastifyInstance, { authenticate, operator, limit }: Entrance): Router {
  const entered = new WeakMap<FastifyRequest, Ctx>();
  const operators = new WeakMap<FastifyRequest, OperatorCtx>();

  async function enter(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    let ctx: Ctx;
    try {
      ctx = await authenticate(request);
    } catch (error) {
      await limit(request, reply, null);
      throw error;
    }
    request.workspaceId = ctx.workspaceId;
    await limit(request, reply, ctx);
    entered.set(request, ctx);
  }

  /** Whoever has no business here gets the answer of an address that does not exist. */
  async function enterAsOperator(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const ctx = await operator(request).catch(async (error: unknown) => {
      if (error instanceof AppError && [401, 403].includes(error.status)) return null;
      await limit(request, reply, null);
      throw error;
    });
    await limit(request, reply, ctx);
    if (ctx === null) return sendNotFound(request, reply);
    operators.set(request, ctx);
    return undefined;
  }

  function ctxOf(request: FastifyRequest): Ctx {
    const ctx = entered.get(request);
    if (!ctx) throw new Error("a member's endpoint was reached without its check");
    return ctx;
  }

  const add = (endpoint: EndpointDefinition, handler: (http: Http) => Promise<unknown>): void => {
    app.route({
      method: endpoint.method,
      url: endpoint.path,
      schema: schemaOf(endpoint),
      config: { access: endpoint.access },
      ...(endpoint.access === "member" ? { onRequest: enter } : {}),
      ...(endpoint.access === "operator" ? { onRequest: enterAsOperator } : {}),
      handler: (request, reply) => handler({ request, reply }),
    });
  };
  /** Runs a verb, once per `Idempotency-Key` where the endpoint does more than look. */
  async function onceFor(
    endpoint: EndpointDefinition,
    ctx: Ctx,
    { request, reply }: Http,
    run: (ctx: Ctx) => Promise<unknown>,
  ): Promise<unknown> {
    const key = endpoint.method === "POST" && endpoint.repeats !== "harmless" ? idempotencyKeyOf(request) : null;
    if (key === null) return run(ctx);
    // A body that the endpoint does not know is not looked at, here neither.
    const hash = requestHash(request, ctx, endpoint.body ? request.body : null);
    const once = endpoint.repeats === "outside" ? onceOutside : onceInTransaction;
    const { result, replayed } = await once(ctx, { key, hash, status: endpoint.status ?? 200 }, run);
    if (replayed) void reply.header("Idempotent-Replayed", "true");
    return result;
  }

  return {
    member: (endpoint, verb) => {
      add(endpoint, async ({ request, reply }) => {
        const ctx = ctxOf(request);
        const status = endpoint.status ?? 200;
        const run = (acting: Ctx) => verb(acting, inputOf(request));
        const result = await onceFor(endpoint, ctx, { request, reply }, run);
        return status === 204 ? reply.status(204).send() : reply.status(status).send(result);
      });
    },
    operator: (endpoint, verb) => {
      add(endpoint, async (http) => {
        const ctx = operators.get(http.request);
        if (!ctx) throw new Error("an operator's endpoint was reached without its check");
        return onceFor(endpoint, ctx, http, () => verb(ctx, inputOf(http.request)));
      });
    },
    open: (endpoint, verb) => {
      add(endpoint, async ({ request, reply }) => {
        const result = await verb(inputOf(request), { request, reply });
        return reply.status(endpoint.status ?? 200).send(result);
      });
    },
    stream: (endpoint, handler) => {
      add(endpoint, async (http) => handler(ctxOf(http.request), inputOf(http.request), http));
    },
  };
}
