import { Stripe } from "stripe";
import { isMissing } from "../errors.ts";
import { change, differences, makeOnce, type SetUp } from "./changes.ts";

const mark = "charlie_webhook";

export interface WebhookOrder {
  url: string;
  /** The kinds of events that are sent. */
  events: readonly string[];
}

export interface WebhookSetUp {
  /** Signs what is sent. Stripe tells it once, when the endpoint is made: `null` for one that was there before. */
  secret: string | null;
  /** Addresses of other endpoints that a set-up like this one has made in this account. */
  others: string[];
}

/** Makes sure that Stripe sends these events to this address, and says where else it does. */
export async function setUpWebhook(setUp: SetUp, { url, events }: WebhookOrder): Promise<WebhookSetUp> {
  const { stripe } = setUp;
  const wanted = [...events].toSorted();
  const all = await stripe.webhookEndpoints.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  const others = all.filter((each) => each.url !== url && each.metadata[mark]).map((each) => each.url);
  const here = all.filter((each) => each.url === url);
  const found = here.find(({ status }) => status === "enabled") ?? here[0];
  if (!found) {
    const params = {
      url,
      enabled_events: wanted as Stripe.WebhookEndpointCreateParams.EnabledEvent[],
      api_version: Stripe.API_VERSION,
      description: "Teach Charlie",
      metadata: { [mark]: "yes" },
    };
    const details = [`${wanted.length} kinds of events`];
    const made = await change(setUp, { how: "make", what: `webhook endpoint ${url}`, details }, () =>
      makeOnce(
        params,
        (...sent) => stripe.webhookEndpoints.create(...sent),
        ({ id }) => isThere(stripe, id),
      ),
    );
    return { secret: made?.secret ?? null, others };
  }
  const now = new Set(found.enabled_events);
  const details = [
    ...differences([["state", found.status, "enabled"]]),
    ...wanted.filter((each) => !now.has(each)).map((each) => `is not sent yet: ${each}`),
    ...[...now].filter((each) => !wanted.includes(each)).map((each) => `is sent, and not needed: ${each}`),
  ];
  if (details.length > 0) {
    await change(setUp, { how: "change", what: `webhook endpoint ${url}`, details }, () =>
      stripe.webhookEndpoints.update(found.id, {
        enabled_events: wanted as Stripe.WebhookEndpointUpdateParams.EnabledEvent[],
        disabled: false,
      }),
    );
  }
  return { secret: null, others };
}

async function isThere(stripe: Stripe, id: string): Promise<boolean> {
  try {
    await stripe.webhookEndpoints.retrieve(id);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
