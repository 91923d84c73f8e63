// Test clocks: https://docs.stripe.com/billing/testing/test-clocks
import type { Box } from "../box.ts";
import { need } from "../resources/find.ts";
import { runDue } from "./clock.ts";

/** Carries an advancing clock to its target. One change of its own, as Stripe does it after having answered. */
export function finishAdvance(box: Box, id: string): void {
  const clock = box.store.get("test_helpers.test_clock", id);
  const target = clock?.status_details.advancing?.target_frozen_time;
  if (target === undefined) return;
  try {
    box.change(() => advance(box, id, target));
  } catch {
    // Stripe has a state for this too; a defect of the sandbox must not take the process with it.
    box.change(() => {
      const failed = need(box, "test_helpers.test_clock", id);
      box.store.put({ ...failed, status: "internal_failure", status_details: {} });
      box.emit("test_helpers.test_clock.internal_failure", failed);
    });
  }
}

function advance(box: Box, id: string, target: number) {
  runDue(box, id, target);
  const ready = box.store.put({
    ...need(box, "test_helpers.test_clock", id),
    frozen_time: target,
    status: "ready",
    status_details: {},
  });
  box.emit("test_helpers.test_clock.ready", ready);
}

/** Goes on with advances that the end of the process cut short. */
export function resumeClocks(box: Box): void {
  for (const clock of box.store.all("test_helpers.test_clock")) finishAdvance(box, clock.id);
}
