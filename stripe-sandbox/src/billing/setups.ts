// Saving a card without charging it.
import type { Box } from "../box.ts";
import { newId, randomText } from "../ids.ts";
import type { SetupIntent } from "../types.ts";

/** A setup as it begins; not stored yet. */
export function newSetup(customer: string | null, at: number): SetupIntent {
  const id = newId("seti");
  return {
    id,
    object: "setup_intent",
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: at,
    customer,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card"],
    single_use_mandate: null,
    status: "requires_payment_method",
    usage: "off_session",
  } satisfies SetupIntent;
}

/** A setup that succeeded. Must run inside a change. */
export function createSetup(box: Box, customer: string, method: string, at: number): SetupIntent {
  const made = newSetup(customer, at);
  box.emit("setup_intent.created", made);
  const done = box.store.put<SetupIntent>({ ...made, payment_method: method, status: "succeeded" });
  box.emit("setup_intent.succeeded", done);
  return done;
}
