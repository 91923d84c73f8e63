import type { Problem } from "@charlie/contract";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { databaseIsAway } from "../db/away.ts";
import { AppError, Refusal } from "../errors.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The workspace that is acted in, once it is known who asks. */
    workspaceId: string | undefined;
  }
}

const titles: Record<number, string> = {
  400: "Please check what was sent",
  401: "Not signed in",
  402: "A limit of the plan is met",
  403: "Not allowed",
  404: "Not found",
  405: "Not possible here",
  409: "That does not fit right now",
  413: "Too large",
  415: "Wrong kind of content",
  422: "Please check what was sent",
  429: "Too many requests",
  500: "Something broke on our side",
  502: "The AI provider did not answer",
  503: "Not available right now",
  504: "The AI provider took too long",
};

/** Where the status alone would say the wrong thing. */
const titlesByCode: Record<string, string> = { payment_failed: "The payment did not go through" };

/** Fastify's errors and those of http-errors speak of the request; a `statusCode` of any other was said to us by another service. */
const isOfTheRequest = ({ code, expose }: Partial<FastifyError> & { expose?: boolean }): boolean =>
  expose !== undefined || code?.startsWith("FST_") === true;

/** Turns anything thrown into what the reader may know. `report` is true where the operator has to hear of it. */
export function problemOf(error: unknown): { body: Problem; report: boolean } {
  const make = (status: number, code: string, detail: string, extra: Partial<Problem> = {}): Problem => ({
    type: `about:blank#${code}`,
    title: titlesByCode[code] ?? titles[status] ?? "Error",
    status,
    code,
    detail,
    ...extra,
  });
  if (error instanceof Refusal) {
    return { body: make(error.status, error.code, error.message, { decision: error.decision }), report: false };
  }
  if (error instanceof AppError) {
    return {
      body: make(error.status, error.code, error.message, error.fields ? { fields: error.fields } : {}),
      // 502 and 504 tell of somebody else's service, and often of the caller's own key there.
      report: error.status >= 500 && error.status !== 502 && error.status !== 504,
    };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map(({ instancePath, message }) => ({
      path: instancePath.replace(/^\//, "").replaceAll("/", "."),
      message: message ?? "Please check this.",
    }));
    const first = fields[0];
    const detail = first
      ? `${first.path ? `${first.path}: ` : ""}${first.message}`
      : "Something in the request is not right.";
    return { body: make(400, "invalid_input", detail, { fields }), report: false };
  }
  if (databaseIsAway(error)) {
    return {
      body: make(
        503,
        "database_away",
        "We can't save or look up anything right now. Nothing was changed; please try again in a moment.",
      ),
      report: true,
    };
  }
  const { statusCode, code } = isOfTheRequest(error as Partial<FastifyError>) ? (error as Partial<FastifyError>) : {};
  if (statusCode === 413) return { body: make(413, "too_large", "This is larger than we can take."), report: false };
  if (statusCode === 415) return { body: make(415, "wrong_content_type", "Please send JSON."), report: false };
  if (code === "FST_ERR_CTP_EMPTY_JSON_BODY" || code === "FST_ERR_CTP_INVALID_JSON_BODY") {
    const detail = "The JSON in this request is empty or broken.";
    return { body: make(400, "invalid_json", detail), report: false };
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return {
      body: make(
        statusCode,
        code?.toLowerCase().replace(/^fst_err_/, "") ?? "bad_request",
        "The request could not be read.",
      ),
      report: false,
    };
  }
  return {
    body: make(
      500,
      "internal",
      "Something broke on our side. Nothing of yours is lost; please try again, and tell us the request id if it stays.",
    ),
    report: true,
  };
}

/** Sends a problem document for what was thrown, with the request's id. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const { body, report } = problemOf(error);
  if (report) {
    const { method, routeOptions, workspaceId } = request;
    request.log.error({ err: error, code: body.code, method, route: routeOptions.url, workspaceId }, "request failed");
  }
  return reply
    .status(body.status)
    .type("application/problem+json")
    .serializer((value: unknown) => JSON.stringify(value))
    .send({ ...body, requestId: request.id } satisfies Problem);
}

/** An address whose percent signs make no sense leads nowhere: to a 404 like any other, headers and log line included. */
export function readableUrl({ url = "/" }: { url?: string | undefined }): string {
  try {
    decodeURIComponent(url.split("?")[0] ?? "");
    return url;
  } catch {
    return "/%25";
  }
}

/** 404 for a path that does not exist. */
export const sendNotFound = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  sendProblem(request, reply, new AppError(404, "not_found", "There is nothing at this address."));

/** problem+json for every error of the app. */
export function useProblems(app: FastifyInstance): void {
  app.decorateRequest("workspaceId", undefined);
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));
}
