import { plans } from "@charlie/contract";
import type { Stripe } from "stripe";
import { findCatalogue, type Catalogue } from "./catalogue.ts";
import { makeStripe, targetOf } from "./client.ts";

/** Stripe, real or local, as the app is given it. */
export interface StripeParts {
  stripe: Stripe;
  /** Prices and portal, as Stripe knows them. Throws where they cannot be found. */
  catalogue: () => Promise<Catalogue>;
  /** Every secret that a webhook may be signed with; two while one replaces the other. */
  webhookSecrets: readonly string[];
  /** Where whoever runs the service sees a customer. */
  customerUrl: (customer: string) => string;
  /** Stripe's time: the real one, or what the local Stripe's clock was turned to. */
  now: () => Date;
}

export interface StripeSettings {
  STRIPE_SECRET_KEY: string;
  STRIPE_API_URL?: string | undefined;
  STRIPE_WEBHOOK_SECRET?: string | undefined;
  STRIPE_PRO_PRICE_ID?: string | undefined;
  STRIPE_TEAM_PRICE_ID?: string | undefined;
  STRIPE_PRO_YEARLY_PRICE_ID?: string | undefined;
  STRIPE_TEAM_YEARLY_PRICE_ID?: string | undefined;
}

/**
 * Stripe itself, as the settings name it, or what STRIPE_API_URL names instead. The catalogue is looked up when first
 * needed, so a start does not hang on Stripe; it is kept once it was found. Throws where a live key would go elsewhere.
 */
export function realStripe(settings: StripeSettings): StripeParts {
  const stripe = makeStripe(targetOf({ secretKey: settings.STRIPE_SECRET_KEY, address: settings.STRIPE_API_URL }));
  const known = {
    pro: { month: settings.STRIPE_PRO_PRICE_ID, year: settings.STRIPE_PRO_YEARLY_PRICE_ID },
    team: { month: settings.STRIPE_TEAM_PRICE_ID, year: settings.STRIPE_TEAM_YEARLY_PRICE_ID },
  };
  let found: Promise<Catalogue> | undefined;
  return {
    stripe,
    catalogue: () => {
      found ??= findCatalogue(stripe, plans, known).catch((error: unknown) => {
        found = undefined;
        throw error;
      });
      return found;
    },
    webhookSecrets: (settings.STRIPE_WEBHOOK_SECRET ?? "")
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean),
    customerUrl: (customer) => {
      const mode = settings.STRIPE_SECRET_KEY.includes("_test_") ? "test/" : "";
      return `https://dashboard.stripe.com/${mode}customers/${encodeURIComponent(customer)}`;
    },
    now: () => new Date(),
  };
}
