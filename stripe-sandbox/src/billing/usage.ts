// Metered usage: what a meter says about a customer over a time.
import type { Box } from "../box.ts";
import type { Meter, Price } from "../types.ts";
import { addDecimals } from "./amounts.ts";
import type { Period } from "./lines.ts";

/** A meter's value for a customer in [start, end), as a decimal string. "0" when nothing came. */
export function usageOf(box: Box, meter: Meter, customer: string, period: Period): string {
  const events = box.store
    .all("billing.meter_event")
    .filter(
      (event) =>
        event.event_name === meter.event_name &&
        event.payload[meter.customer_mapping.event_payload_key] === customer &&
        event.timestamp >= period.start &&
        event.timestamp < period.end,
    );
  const values = events.map((event) => event.payload[meter.value_settings.event_payload_key] ?? "0");
  switch (meter.default_aggregation.formula) {
    case "count":
      return String(events.length);
    case "last": {
      const latest = events.map((event, index) => ({ at: event.timestamp, value: values[index] ?? "0" }));
      // Of two in the same second the one that arrived later counts.
      return latest.reduce((last, next) => (next.at >= last.at ? next : last), { at: 0, value: "0" }).value;
    }
    default:
      return addDecimals(values);
  }
}

/** What a metered price has counted for a customer in a period. */
export function meteredUsage(box: Box, price: Price, customer: string, period: Period): string {
  const meter = price.recurring?.meter ? box.store.get("billing.meter", price.recurring.meter) : undefined;
  return meter ? usageOf(box, meter, customer, period) : "0";
}
