// One API request, after its body has been read: a single synchronous step from request to answer.
import { createHash } from "node:crypto";
import { API_VERSION, BASE, type Box } from "../box.ts";
import { StripeError, invalid } from "./errors.ts";
import { expandAll } from "./expand.ts";
import { canonical, decodeForm } from "./form.ts";
import { findRoute, type Route } from "./router.ts";

export interface ApiRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  requestId: string;
  authorization: string | undefined;
  version: string | undefined;
  idempotencyKey: string | undefined;
}

export interface ApiAnswer {
  status: number;
  body: string;
  replayed?: true;
}

/** 401 unless the key is a test key of the right form. One account answers to all of them. */
export function checkKey(authorization: string | undefined): void {
  const [scheme, value = ""] = (authorization ?? "").split(" ");
  const key = scheme?.toLowerCase() === "basic" ? Buffer.from(value, "base64").toString().split(":")[0]! : value;
  if (key === "") {
    throw new StripeError(
      401,
      "invalid_request_error",
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  if (/^(sk|rk)_live_/.test(key)) {
    throw new StripeError(401, "invalid_request_error", "This is the local Stripe: it takes test keys only.");
  }
  if (!/^(sk|rk)_test_\w{3,}$/.test(key)) {
    const shown = `${key.slice(0, 8)}${"*".repeat(8)}${key.slice(-4)}`;
    throw new StripeError(401, "invalid_request_error", `Invalid API Key provided: ${shown}`);
  }
}

/** The JSON of an answer, with URLs that lead to where the sandbox is now. */
export function render(body: object, base: string): string {
  return JSON.stringify(body).replaceAll(BASE, base);
}

/** Answers a request. Never throws for what Stripe would answer; a defect of the sandbox itself is thrown on. */
export function answerApi(box: Box, routes: readonly Route[], request: ApiRequest, base: () => string): ApiAnswer {
  const failed = (error: StripeError): ApiAnswer => ({ status: error.status, body: render(error.toBody(), base()) });
  try {
    checkKey(request.authorization);
    if (request.version !== undefined && request.version !== API_VERSION) {
      throw invalid(
        `Invalid Stripe API version: ${request.version}. The local Stripe speaks ${API_VERSION}, the version that stripe 23 pins.`,
      );
    }
    const found = findRoute(routes, request.method, request.path);
    if (!found) {
      throw new StripeError(
        404,
        "invalid_request_error",
        `Unrecognized request URL (${request.method}: ${request.path}). Please see https://docs.stripe.com/api. If Stripe itself has this route, the local Stripe does not model it.`,
      );
    }
    const tree = Object.assign(decodeForm(request.query), decodeForm(request.body));
    const { expand, run } = found.route.prepare(tree);
    if (request.method === "GET") {
      return { status: 200, body: render(expandAll(box, run(box, found.ids), expand), base()) };
    }
    return once(
      box,
      request,
      canonical(tree),
      () => {
        try {
          return { status: 200, body: render(expandAll(box, run(box, found.ids), expand), base()) };
        } catch (error) {
          if (error instanceof StripeError && error.keepsChanges) return failed(error);
          throw error;
        }
      },
      failed,
    );
  } catch (error) {
    if (error instanceof StripeError) return failed(error);
    throw error;
  }
}

/** Does the work of an idempotency key once: https://docs.stripe.com/api/idempotent_requests */
function once(
  box: Box,
  request: ApiRequest,
  parameters: string,
  work: () => ApiAnswer,
  failed: (error: StripeError) => ApiAnswer,
): ApiAnswer {
  const key = request.method === "POST" ? request.idempotencyKey : undefined;
  box.request = { id: request.requestId, idempotency_key: key ?? null };
  try {
    if (key === undefined) return box.change(work);
    const fingerprint = createHash("sha256").update(`${request.method} ${request.path} ${parameters}`).digest("hex");
    const known = box.store.get("sandbox.idempotency", key);
    if (known && known.fingerprint !== fingerprint) {
      throw new StripeError(
        400,
        "idempotency_error",
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      );
    }
    if (known) return { status: known.status, body: known.body, replayed: true };
    const remember = (answer: ApiAnswer) => {
      box.store.put({ id: key, object: "sandbox.idempotency", fingerprint, at: Date.now(), ...answer });
      return answer;
    };
    try {
      return box.change(() => remember(work()));
    } catch (error) {
      // The work was taken back, but its answer stands for this key.
      if (error instanceof StripeError) return box.change(() => remember(failed(error)));
      throw error;
    }
  } finally {
    box.request = { id: null, idempotency_key: null };
  }
}
