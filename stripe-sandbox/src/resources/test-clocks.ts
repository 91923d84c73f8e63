import type { Box } from "../box.ts";
import { finishAdvance } from "../billing/test-clock.ts";
import { DAY, addIntervals } from "../billing/periods.ts";
import { StripeError, invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { int, required, str } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { newId } from "../ids.ts";
import type { TestClock } from "../types.ts";
import { need, newest } from "./find.ts";

/** How far one advance may go: two of the shortest billing intervals on the clock (a month when there is none). */
function furthest(box: Box, clock: TestClock): number {
  const intervals = box.store
    .all("subscription")
    .filter((row) => row.test_clock === clock.id && row.ended_at === null)
    .flatMap((row) => row.items.data.map((item) => item.price.recurring))
    .filter((recurring) => recurring !== null);
  const ends = intervals.map((one) => addIntervals(clock.frozen_time, one.interval, 2 * one.interval_count));
  return ends.length > 0 ? Math.min(...ends) : addIntervals(clock.frozen_time, "year", 2);
}

export const testClockRoutes: Route[] = [
  route("POST", "/v1/test_helpers/test_clocks", { frozen_time: required(int), name: str }, ({ box, params }) => {
    const clock = box.store.put({
      id: newId("clock"),
      object: "test_helpers.test_clock",
      created: box.now(),
      deletes_after: box.now() + 30 * DAY,
      frozen_time: params.frozen_time,
      livemode: false,
      name: params.name ?? null,
      status: "ready",
      status_details: {},
    } satisfies TestClock);
    box.emit("test_helpers.test_clock.created", clock);
    return clock;
  }),
  route("GET", "/v1/test_helpers/test_clocks", paging, ({ box, params }) =>
    page(newest(box, "test_helpers.test_clock"), params, "/v1/test_helpers/test_clocks", "billing_clock"),
  ),
  route("GET", "/v1/test_helpers/test_clocks/:id", {}, ({ box, ids: [id] }) =>
    need(box, "test_helpers.test_clock", id),
  ),
  route(
    "POST",
    "/v1/test_helpers/test_clocks/:id/advance",
    { frozen_time: required(int) },
    ({ box, params, ids: [id] }) => {
      const clock = need(box, "test_helpers.test_clock", id);
      if (clock.status === "advancing") {
        throw new StripeError(
          429,
          "invalid_request_error",
          "Test clock advancement underway - cannot perform modifications",
        );
      }
      if (params.frozen_time <= clock.frozen_time) {
        throw invalid("The new frozen time must be later than the current one.", "frozen_time");
      }
      if (params.frozen_time > furthest(box, clock)) {
        throw invalid(
          "The new frozen time is too far in the future: a test clock can be advanced by two intervals of the shortest subscription on it at a time.",
          "frozen_time",
        );
      }
      const advancing = box.store.put({
        ...clock,
        status: "advancing",
        status_details: { advancing: { target_frozen_time: params.frozen_time } },
      });
      box.emit("test_helpers.test_clock.advancing", advancing);
      // As at Stripe, the answer comes first and the work after it.
      setImmediate(() => finishAdvance(box, id));
      return advancing;
    },
  ),
  route("DELETE", "/v1/test_helpers/test_clocks/:id", {}, ({ box, ids: [id] }) => {
    const clock = need(box, "test_helpers.test_clock", id);
    for (const customer of newest(box, "customer", (row) => row.test_clock === id)) {
      for (const row of newest(box, "subscription", (one) => one.customer === customer.id)) {
        box.store.remove("subscription", row.id);
      }
      for (const row of newest(box, "invoice", (one) => one.customer === customer.id)) {
        box.store.remove("invoice", row.id);
      }
      box.store.remove("customer", customer.id);
      box.store.put({ id: customer.id, object: "sandbox.deleted", of: "customer" });
    }
    box.store.remove("test_helpers.test_clock", id);
    box.emit("test_helpers.test_clock.deleted", clock);
    return { id, object: "test_helpers.test_clock", deleted: true };
  }),
];
