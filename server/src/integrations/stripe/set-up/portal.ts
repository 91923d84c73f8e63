import type { Stripe } from "stripe";
import { findPortal, portalMark } from "../catalogue.ts";
import { change, differences, makeOnce, type Change, type SetUp } from "./changes.ts";
import type { WantedProduct } from "./wanted.ts";

type Features = Stripe.BillingPortal.ConfigurationCreateParams.Features;
type Offer = Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate.Product;

const wantedFeatures = (products: Offer[]) =>
  ({
    customer_update: { enabled: true, allowed_updates: ["email", "name", "address", "tax_id"] },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true, mode: "at_period_end" },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ["price"],
      // The difference is paid at once: a bigger plan is never used before it is paid.
      proration_behavior: "always_invoice",
      products,
    },
  }) satisfies Features;

const listed = (values: readonly string[] | null | undefined): string =>
  (values ?? []).toSorted().join(", ") || "nothing";
const switched = (enabled: boolean): string => (enabled ? "on" : "off");
const offered = (offers: readonly Pick<Offer, "product" | "prices">[] | null | undefined): string =>
  (offers ?? [])
    .map(({ product, prices }) => `${product} (${listed(prices)})`)
    .toSorted()
    .join("; ") || "nothing";

/** What a configuration says, in words that can be compared. Both forms are alike: the one sent and the one found. */
function described({
  features: { customer_update, invoice_history, payment_method_update, subscription_cancel, subscription_update },
  headline,
  returnUrl,
  active,
}: {
  features: ReturnType<typeof wantedFeatures> | Stripe.BillingPortal.Configuration["features"];
  headline: string | null;
  returnUrl: string | null;
  active: boolean;
}): [name: string, value: string][] {
  return [
    ["state", active ? "active" : "switched off"],
    ["headline", headline ?? "none"],
    ["return address", returnUrl ?? "none"],
    ["change of contact data", `${switched(customer_update.enabled)}, ${listed(customer_update.allowed_updates)}`],
    ["invoices", switched(invoice_history.enabled)],
    ["change of card", switched(payment_method_update.enabled)],
    ["cancellation", `${switched(subscription_cancel.enabled)}, ${subscription_cancel.mode}`],
    ["plan switch", `${switched(subscription_update.enabled)}, ${subscription_update.proration_behavior}`],
    ["may be switched", listed(subscription_update.default_allowed_updates)],
    ["offer", offered(subscription_update.products)],
  ];
}

export interface PortalOrder {
  /** What a customer may switch between. */
  products: readonly WantedProduct[];
  /** Price ids by lookup key; those that are still to be made are not in it. */
  prices: ReadonlyMap<string, string>;
  publicUrl: string;
}

/** The id of the portal's configuration: what a customer may do there. `undefined` where it is not there yet. */
export async function setUpPortal(setUp: SetUp, order: PortalOrder): Promise<string | undefined> {
  const { stripe } = setUp;
  const products = order.products.map(({ id, prices }): Offer => ({
    product: id,
    prices: prices.map(({ key }) => order.prices.get(key) ?? `the new ${key}`),
  }));
  const headline = "Your plan at Teach Charlie";
  const returnUrl = `${order.publicUrl}/settings/billing`;
  const features = wantedFeatures(products);
  const params = {
    features,
    business_profile: { headline },
    default_return_url: returnUrl,
    metadata: { [portalMark]: "yes" },
  };
  const wanted = described({ features, headline, returnUrl, active: true });
  const found = await findPortal(stripe);
  if (!found) {
    const make: Change = {
      how: "make",
      what: "portal configuration",
      details: [`offer: ${offered(products)}`, returnUrl],
    };
    const made = await change(setUp, make, () =>
      makeOnce(
        params,
        (...sent) => stripe.billingPortal.configurations.create(...sent),
        async ({ id }) => {
          return (await stripe.billingPortal.configurations.retrieve(id)).active;
        },
      ),
    );
    return made?.id;
  }
  const now = new Map(
    described({
      features: found.features,
      headline: found.business_profile.headline,
      returnUrl: found.default_return_url,
      active: found.active,
    }),
  );
  const details = differences(wanted.map(([name, value]) => [name, now.get(name) ?? "", value]));
  if (details.length > 0) {
    await change(setUp, { how: "change", what: `portal configuration ${found.id}`, details }, () =>
      stripe.billingPortal.configurations.update(found.id, { ...params, active: true }),
    );
  }
  return found.id;
}
