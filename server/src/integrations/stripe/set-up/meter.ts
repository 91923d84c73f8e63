import { aiUsage } from "@charlie/contract";
import { findMeter } from "../usage-price.ts";
import { change, makeOnce, SetUpError, type SetUp } from "./changes.ts";

const formula = "last";

/**
 * The id of the meter that takes the totals of AI usage; `undefined` where it would be made and is not. Throws a
 * SetUpError where there is one that adds up: totals would be charged many times over, and Stripe changes no meter.
 */
export async function setUpMeter(setUp: SetUp): Promise<string | undefined> {
  const { stripe } = setUp;
  const what = `meter ${aiUsage.meterEvent}`;
  const found = await findMeter(stripe);
  const fits = found?.default_aggregation.formula === formula;
  if (found?.status === "active") {
    if (fits) return found.id;
    throw new SetUpError(
      `Stripe's ${what} (${found.id}) has the formula ${found.default_aggregation.formula}, needed is ${formula}, and Stripe changes no meter. Please deactivate it in Stripe's dashboard (Usage-based billing, Meters), then run this again.`,
    );
  }
  if (found && fits) {
    await change(setUp, { how: "change", what, details: ["state: inactive → active"] }, () =>
      stripe.billing.meters.reactivate(found.id),
    );
    return found.id;
  }
  const params = {
    display_name: `Teach Charlie ${aiUsage.name}`,
    event_name: aiUsage.meterEvent,
    default_aggregation: { formula },
    customer_mapping: { type: "by_id", event_payload_key: "stripe_customer_id" },
    value_settings: { event_payload_key: "value" },
  } as const;
  const made = await change(setUp, { how: "make", what, details: [`keeps the ${formula} total of each period`] }, () =>
    makeOnce(
      params,
      (...sent) => stripe.billing.meters.create(...sent),
      async ({ id }) => (await stripe.billing.meters.retrieve(id)).status === "active",
    ),
  );
  return made?.id;
}
