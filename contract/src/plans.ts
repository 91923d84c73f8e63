/**
 * The plan catalogue: the only place where prices, limits and plan features are written down.
 * Pricing page, limits, Stripe set-up, documents and tests read it from here.
 */

export const planIds = ["free", "pro", "team"] as const;
export type PlanId = (typeof planIds)[number];

/** How often a paid plan is charged. */
export const billingIntervals = ["month", "year"] as const;
export type BillingInterval = (typeof billingIntervals)[number];

/** What a plan feature can be: absent, there, or sold as coming because it is not built yet. */
export type FeatureState = "no" | "yes" | "coming";

export const featureIds = [
  "playground",
  "canvasView",
  "canvasEdit",
  "customComponents",
  "exportAndEmbed",
  "members",
  "apiAccess",
  "whiteLabel",
] as const;
export type FeatureId = (typeof featureIds)[number];

/** Words for each feature, as the pricing page shows them. */
export const featureLabels: Record<FeatureId, string> = {
  playground: "Playground to chat with your agent",
  canvasView: "Canvas: see how your agent thinks",
  canvasEdit: "Canvas: change how your agent thinks",
  customComponents: "Your own components",
  exportAndEmbed: "Export, and embed on your website",
  members: "Team members with roles",
  apiAccess: "API access for programs",
  whiteLabel: "Your own brand instead of ours",
};

export const limitIds = ["messagesPerDay", "agents", "projects"] as const;
export type LimitId = (typeof limitIds)[number];

/** What the operator's AI may cost a workspace in a billing period, in micro-dollars. Free has the operator's trial allowance. */
export interface SpendCaps {
  /** Holds until the workspace sets its own. */
  usualMicros: number;
  /** The highest that a workspace can set. */
  mostMicros: number;
}

export interface Plan {
  id: PlanId;
  name: string;
  /** One sentence for whom it is. */
  pitch: string;
  /** Price per month in cents of a US dollar. */
  monthlyCents: number;
  /** Price per year in cents of a US dollar: ten months, so two are free. */
  yearlyCents: number;
  /** `null` means unlimited. */
  limits: Record<LimitId, number | null>;
  aiSpend: SpendCaps;
  features: Record<FeatureId, FeatureState>;
  support: "community" | "e-mail" | "priority";
  /** Find the plan's prices in Stripe; `null` where nothing is sold. */
  lookupKeys: Record<BillingInterval, string> | null;
}

export const plans: readonly Plan[] = [
  {
    id: "free",
    name: "Free",
    pitch: "For trying things out and for workshops.",
    monthlyCents: 0,
    yearlyCents: 0,
    limits: { messagesPerDay: 100, agents: 3, projects: 1 },
    aiSpend: { usualMicros: 0, mostMicros: 0 },
    features: {
      playground: "yes",
      canvasView: "coming",
      canvasEdit: "no",
      customComponents: "no",
      exportAndEmbed: "no",
      members: "no",
      apiAccess: "no",
      whiteLabel: "no",
    },
    support: "community",
    lookupKeys: null,
  },
  {
    id: "pro",
    name: "Pro",
    pitch: "For a shop or a practice that lets Charlie work every day.",
    monthlyCents: 2900,
    yearlyCents: 29_000,
    limits: { messagesPerDay: 1000, agents: 10, projects: 5 },
    aiSpend: { usualMicros: 10_000_000, mostMicros: 200_000_000 },
    features: {
      playground: "yes",
      canvasView: "coming",
      canvasEdit: "coming",
      customComponents: "coming",
      exportAndEmbed: "coming",
      members: "no",
      apiAccess: "no",
      whiteLabel: "no",
    },
    support: "e-mail",
    lookupKeys: { month: "charlie_pro_monthly", year: "charlie_pro_yearly" },
  },
  {
    id: "team",
    name: "Team",
    pitch: "For agencies and teams with many agents.",
    monthlyCents: 7900,
    yearlyCents: 79_000,
    limits: { messagesPerDay: 5000, agents: null, projects: null },
    aiSpend: { usualMicros: 50_000_000, mostMicros: 1_000_000_000 },
    features: {
      playground: "yes",
      canvasView: "coming",
      canvasEdit: "coming",
      customComponents: "coming",
      exportAndEmbed: "coming",
      members: "coming",
      apiAccess: "coming",
      whiteLabel: "coming",
    },
    support: "priority",
    lookupKeys: { month: "charlie_team_monthly", year: "charlie_team_yearly" },
  },
];

/**
 * AI on the operator's key, beside a paid plan: passed on at cost, without a markup. The meter counts micro-dollars, so
 * one of them costs a ten-thousandth of a cent; Stripe rounds to whole cents once, on the invoice's line.
 */
export const aiUsage = {
  /** The product's id in Stripe. */
  product: "charlie_ai",
  name: "AI usage",
  pitch: "Answers with our AI key, passed on at cost.",
  meterEvent: "charlie_ai_cost_micros",
  /** Cents of a US dollar for each unit that the meter counts, as Stripe's decimal. */
  unitCents: "0.0001",
  /** All items of a subscription are charged at the same interval, so each has its price. */
  lookupKeys: { month: "charlie_ai_usage", year: "charlie_ai_usage_yearly" },
} as const satisfies { lookupKeys: Record<BillingInterval, string> } & Record<string, unknown>;

/** The plan with this id. Total: every `PlanId` has one. */
export function planOf(id: PlanId): Plan {
  const plan = plans.find((candidate) => candidate.id === id);
  if (!plan) throw new Error(`no plan ${id}`);
  return plan;
}

/** What a plan costs for one such interval, in cents of a US dollar, before tax. */
export const priceCents = ({ monthlyCents, yearlyCents }: Plan, interval: BillingInterval): number =>
  interval === "year" ? yearlyCents : monthlyCents;

/** The cheapest plan above `id` that allows more of `limit`; `null` where no plan does. */
export function nextPlanFor(id: PlanId, limit: LimitId): Plan | null {
  const current = planOf(id).limits[limit];
  if (current === null) return null;
  const better = plans.filter(({ monthlyCents, limits }) => {
    const allowed = limits[limit];
    return monthlyCents > planOf(id).monthlyCents && (allowed === null || allowed > current);
  });
  return better.toSorted((a, b) => a.monthlyCents - b.monthlyCents)[0] ?? null;
}

/** The cheapest plan above `id` that lets AI cost more in a period; `null` where none does. */
export function nextPlanForSpend(id: PlanId): Plan | null {
  const { monthlyCents, aiSpend } = planOf(id);
  const better = plans.filter(
    (plan) => plan.monthlyCents > monthlyCents && plan.aiSpend.mostMicros > aiSpend.mostMicros,
  );
  return better.toSorted((a, b) => a.monthlyCents - b.monthlyCents)[0] ?? null;
}
