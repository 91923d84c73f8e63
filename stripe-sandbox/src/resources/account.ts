import { ACCOUNT_ID } from "../box.ts";
import { route, type Route } from "../http/router.ts";

const account = (created: number) => ({
  id: ACCOUNT_ID,
  object: "account" as const,
  business_profile: null,
  business_type: null,
  charges_enabled: true,
  country: "US",
  created,
  default_currency: "usd",
  details_submitted: true,
  email: "owner@sandbox.invalid",
  external_accounts: {
    object: "list" as const,
    data: [],
    has_more: false,
    url: `/v1/accounts/${ACCOUNT_ID}/external_accounts`,
  },
  metadata: {},
  payouts_enabled: true,
  settings: null,
  type: "standard" as const,
});

export const accountRoutes: Route[] = [
  route("GET", "/v1/account", {}, () => account(0)),
  route("GET", "/v1/accounts/:id", {}, () => account(0)),
  route("GET", "/v1/balance", {}, ({ box }) => {
    const sums = new Map<string, number>([["usd", 0]]);
    for (const charge of box.store.all("charge")) {
      if (!charge.paid) continue;
      const kept = charge.amount - charge.amount_refunded;
      sums.set(charge.currency, (sums.get(charge.currency) ?? 0) + kept);
    }
    const pending = [...sums].map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }));
    return {
      object: "balance" as const,
      available: pending.map((row) => ({ ...row, amount: 0, source_types: { card: 0 } })),
      livemode: false,
      pending,
    };
  }),
];
