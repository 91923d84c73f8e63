import type Stripe from "stripe";
import { usageOf } from "../billing/usage.ts";
import { DAY } from "../billing/periods.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { int, object, oneOf, required, str, type Param } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId } from "../ids.ts";
import type { Meter, MeterEvent, Wire } from "../types.ts";
import { need, newest } from "./find.ts";

const OLDEST_DAYS = 35;
const NEWEST_SECONDS = 300;

const payload: Param<Record<string, string>> = {
  read(raw, path) {
    if (typeof raw === "string") throw invalid("Invalid object", path);
    return Object.fromEntries(
      Object.entries(raw).map(([key, value]) => {
        if (typeof value !== "string") throw invalid("Invalid string: {}", `${path}[${key}]`);
        return [key, value];
      }),
    );
  },
};

export const meterRoutes: Route[] = [
  route(
    "POST",
    "/v1/billing/meters",
    {
      customer_mapping: object({ event_payload_key: required(str), type: required(oneOf("by_id")) }),
      default_aggregation: required(object({ formula: required(oneOf("sum", "count", "last")) })),
      display_name: required(str),
      event_name: required(str),
      event_time_window: oneOf("day", "hour"),
      value_settings: object({ event_payload_key: required(str) }),
    },
    ({ box, params }) => {
      const taken = box.store
        .all("billing.meter")
        .some((row) => row.event_name === params.event_name && row.status === "active");
      if (taken)
        throw invalid(`An active meter with the event name ${params.event_name} already exists.`, "event_name");
      const at = box.now();
      const meter = box.store.put({
        id: newId("mtr_test", 24),
        object: "billing.meter",
        created: at,
        customer_mapping: params.customer_mapping ?? { event_payload_key: "stripe_customer_id", type: "by_id" },
        default_aggregation: params.default_aggregation,
        display_name: params.display_name,
        event_name: params.event_name,
        event_time_window: params.event_time_window ?? null,
        livemode: false,
        status: "active",
        status_transitions: { deactivated_at: null },
        updated: at,
        value_settings: params.value_settings ?? { event_payload_key: "value" },
      } satisfies Meter);
      box.emit("billing.meter.created", meter);
      return meter;
    },
  ),
  route("GET", "/v1/billing/meters", { ...paging, status: oneOf("active", "inactive") }, ({ box, params }) =>
    page(
      newest(box, "billing.meter", (row) => !params.status || row.status === params.status),
      params,
      "/v1/billing/meters",
      "meter",
    ),
  ),
  route("GET", "/v1/billing/meters/:id", {}, ({ box, ids: [id] }) => need(box, "billing.meter", id)),
  route("POST", "/v1/billing/meters/:id", { display_name: str }, ({ box, params, ids: [id] }) =>
    box.update("billing.meter.updated", need(box, "billing.meter", id), { ...params, updated: box.now() }),
  ),
  route("POST", "/v1/billing/meters/:id/deactivate", {}, ({ box, ids: [id] }) => {
    const at = box.now();
    const after = box.store.put({
      ...need(box, "billing.meter", id),
      status: "inactive",
      status_transitions: { deactivated_at: at },
      updated: at,
    });
    box.emit("billing.meter.deactivated", after);
    return after;
  }),
  route("POST", "/v1/billing/meters/:id/reactivate", {}, ({ box, ids: [id] }) => {
    const after = box.store.put({
      ...need(box, "billing.meter", id),
      status: "active",
      status_transitions: { deactivated_at: null },
      updated: box.now(),
    });
    box.emit("billing.meter.reactivated", after);
    return after;
  }),
  route(
    "GET",
    "/v1/billing/meters/:id/event_summaries",
    {
      ...paging,
      customer: required(str),
      end_time: required(int),
      start_time: required(int),
      value_grouping_window: oneOf("day", "hour"),
    },
    ({ box, params, ids: [id] }) => {
      const meter = need(box, "billing.meter", id);
      const { start_time: start, end_time: end, value_grouping_window: window } = params;
      if (start % 60 !== 0 || end % 60 !== 0) {
        throw invalid("`start_time` and `end_time` must be aligned with minute boundaries.", "start_time");
      }
      if (end <= start) throw invalid("`end_time` must be after `start_time`.", "end_time");
      const step = window === "day" ? DAY : window === "hour" ? 3600 : end - start;
      const rows = [];
      for (let from = start; from < end; from += step) {
        const period = { start: from, end: Math.min(from + step, end) };
        const value = Number(usageOf(box, meter, params.customer, period));
        if (window && value === 0) continue;
        rows.push({
          id: `mtrusg_test_${meter.id.slice(-8)}${from}`,
          object: "billing.meter_event_summary",
          aggregated_value: value,
          end_time: period.end,
          livemode: false,
          meter: meter.id,
          start_time: period.start,
        } satisfies Wire<Stripe.Billing.MeterEventSummary>);
      }
      return page(rows.toReversed(), params, `/v1/billing/meters/${id}/event_summaries`);
    },
  ),
  route(
    "POST",
    "/v1/billing/meter_events",
    { event_name: required(str), identifier: str, payload: required(payload), timestamp: int },
    ({ box, params }) => {
      const meter = box.store
        .all("billing.meter")
        .find((row) => row.event_name === params.event_name && row.status === "active");
      if (!meter) {
        throw invalid(`No active meter found for event name ${params.event_name}.`, "event_name", "no_meter");
      }
      const customer = params.payload[meter.customer_mapping.event_payload_key];
      if (!customer) {
        throw invalid(
          `The payload must hold ${meter.customer_mapping.event_payload_key}.`,
          "payload",
          "meter_event_no_customer_defined",
        );
      }
      need(box, "customer", customer, "payload");
      const now = box.nowFor(customer);
      const value = params.payload[meter.value_settings.event_payload_key];
      if (meter.default_aggregation.formula !== "count" && !/^-?\d{1,15}(\.\d{1,12})?$/.test(value ?? "")) {
        throw invalid(
          `The payload's ${meter.value_settings.event_payload_key} must be a number, written as a string.`,
          "payload",
          "meter_event_invalid_value",
        );
      }
      const timestamp = params.timestamp ?? now;
      if (timestamp < now - OLDEST_DAYS * DAY || timestamp > now + NEWEST_SECONDS) {
        throw invalid(
          "The timestamp must be within the past 35 calendar days or up to 5 minutes in the future.",
          "timestamp",
          timestamp > now ? "timestamp_in_future" : "timestamp_too_far_in_past",
        );
      }
      const identifier = params.identifier ?? crypto.randomUUID();
      if (box.store.get("billing.meter_event", identifier)) {
        throw new StripeError(400, "invalid_request_error", `An event already exists with identifier ${identifier}.`, {
          code: "duplicate_meter_event",
          param: "identifier",
        });
      }
      const { id: _own, ...event } = box.store.put({
        id: identifier,
        object: "billing.meter_event",
        created: now,
        event_name: params.event_name,
        identifier,
        livemode: false,
        payload: params.payload,
        timestamp,
      } satisfies MeterEvent);
      return event;
    },
  ),
  route(
    "POST",
    "/v1/billing/meter_event_adjustments",
    {
      cancel: required(object({ identifier: required(str) })),
      event_name: required(str),
      type: required(oneOf("cancel")),
    },
    ({ box, params }) => {
      const event = box.store.get("billing.meter_event", params.cancel.identifier);
      if (!event || event.event_name !== params.event_name) {
        throw invalid(`No such meter event: '${params.cancel.identifier}'`, "cancel[identifier]", "resource_missing");
      }
      box.store.remove("billing.meter_event", event.id);
      return {
        object: "billing.meter_event_adjustment",
        cancel: params.cancel,
        event_name: params.event_name,
        livemode: false,
        status: "complete",
        type: "cancel",
      } satisfies Wire<Stripe.Billing.MeterEventAdjustment>;
    },
  ),
];
