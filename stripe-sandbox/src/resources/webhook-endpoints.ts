import type { Box } from "../box.ts";
import { API_VERSION } from "../box.ts";
import { invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { arrayOf, bool, emptyable, mergeMetadata, metadata, oneOf, required, str, url } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId, randomText } from "../ids.ts";
import type { WebhookEndpoint } from "../types.ts";
import { need, newest } from "./find.ts";

const MOST = 16;

interface EndpointOrder {
  url: string;
  enabled_events: string[];
  description?: string | null | undefined;
  metadata?: Record<string, string>;
  secret?: string;
}

/** Must run inside a change. The secret shows in the answer to this one call only. */
export function createEndpoint(box: Box, order: EndpointOrder): WebhookEndpoint {
  if (box.store.all("webhook_endpoint").length >= MOST) {
    throw invalid("You have reached the maximum of 16 test webhook endpoints.");
  }
  const endpoint = box.store.put({
    id: newId("we"),
    object: "webhook_endpoint",
    api_version: API_VERSION,
    application: null,
    created: box.now(),
    description: order.description ?? null,
    enabled_events: order.enabled_events,
    livemode: false,
    metadata: order.metadata ?? {},
    status: "enabled",
    url: order.url,
  } satisfies WebhookEndpoint);
  const secret = order.secret ?? `whsec_${randomText(32)}`;
  box.store.put({ id: endpoint.id, object: "sandbox.secret", secret });
  return { ...endpoint, secret };
}

/** Makes sure that an address is an endpoint with this secret: for a start with fixed settings. */
export function ensureEndpoint(box: Box, order: EndpointOrder & { secret: string }): void {
  const known = box.store.all("webhook_endpoint").find((row) => row.url === order.url);
  if (!known) createEndpoint(box, order);
  else box.store.put({ id: known.id, object: "sandbox.secret", secret: order.secret });
}

export const webhookEndpointRoutes: Route[] = [
  route(
    "POST",
    "/v1/webhook_endpoints",
    {
      api_version: oneOf(API_VERSION),
      description: emptyable(str),
      enabled_events: required(arrayOf(str)),
      metadata,
      url: required(url),
    },
    ({ box, params }) => createEndpoint(box, { ...params, metadata: mergeMetadata({}, params.metadata) }),
  ),
  route("GET", "/v1/webhook_endpoints", paging, ({ box, params }) =>
    page(newest(box, "webhook_endpoint"), params, "/v1/webhook_endpoints", "webhook endpoint"),
  ),
  route("GET", "/v1/webhook_endpoints/:id", {}, ({ box, ids: [id] }) => need(box, "webhook_endpoint", id)),
  route(
    "POST",
    "/v1/webhook_endpoints/:id",
    { description: emptyable(str), disabled: bool, enabled_events: arrayOf(str), metadata, url },
    ({ box, params, ids: [id] }) => {
      const before = need(box, "webhook_endpoint", id);
      const { disabled, metadata: sent, ...plain } = params;
      return box.store.put({
        ...before,
        ...plain,
        ...(disabled !== undefined && { status: disabled ? "disabled" : "enabled" }),
        metadata: mergeMetadata(before.metadata, sent),
      });
    },
  ),
  route("DELETE", "/v1/webhook_endpoints/:id", {}, ({ box, ids: [id] }) => {
    need(box, "webhook_endpoint", id);
    for (const row of box.store.all("sandbox.delivery")) {
      if (row.endpoint === id && (row.status === "pending" || row.status === "held")) {
        box.store.put({ ...row, status: "dropped", last_error: "the endpoint was deleted" });
      }
    }
    box.store.remove("webhook_endpoint", id);
    return { id, object: "webhook_endpoint", deleted: true };
  }),
];
