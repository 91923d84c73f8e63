import { deliveryId, type Box } from "../box.ts";
import { missing } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { arrayOf, bool, range, str } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import type { Delivery, EventObject } from "../types.ts";

/** A type as it may be asked for: `invoice.*` too. */
const matches = (wanted: string, type: string) =>
  wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : wanted === type;

/** The deliveries of an event, one for each endpoint that wanted it. */
export function deliveriesOf(box: Box, event: string): Delivery[] {
  return box.store
    .all("webhook_endpoint")
    .map((endpoint) => box.store.get("sandbox.delivery", deliveryId(event, endpoint.id)))
    .filter((row) => row !== undefined);
}

/** An event as it is shown: with the number of endpoints that have not taken it yet. */
export function showEvent(box: Box, event: EventObject): EventObject {
  const open = deliveriesOf(box, event.id).filter((row) => row.status === "pending" || row.status === "held");
  return { ...event, pending_webhooks: open.length };
}

export const eventRoutes: Route[] = [
  route(
    "GET",
    "/v1/events",
    { ...paging, created: range, delivery_success: bool, type: str, types: arrayOf(str) },
    ({ box, params }) => {
      const open = new Set(
        box.store
          .all("sandbox.delivery")
          .filter((row) => row.status !== "delivered")
          .map((row) => row.event),
      );
      const rows = box.store
        .all("event")
        .toReversed()
        .filter(
          (event) =>
            (!params.type || matches(params.type, event.type)) &&
            (!params.types || params.types.includes(event.type)) &&
            (!params.created || params.created(event.created)) &&
            (params.delivery_success === undefined || params.delivery_success === !open.has(event.id)),
        );
      const list = page(rows, params, "/v1/events", "event");
      return { ...list, data: list.data.map((event) => showEvent(box, event)) };
    },
  ),
  route("GET", "/v1/events/:id", {}, ({ box, ids: [id] }) => {
    const event = box.store.get("event", id);
    if (!event) throw missing("event", id);
    return showEvent(box, event);
  }),
];
