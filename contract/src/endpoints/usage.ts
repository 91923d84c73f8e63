import { z } from "zod";
import { endpoint, id, micros, time } from "../endpoint.ts";
import { brainProviders } from "../flow.ts";
import { planIds } from "../plans.ts";
import { payer } from "../trace.ts";

/**
 * Counted things: `messages` per UTC day, the others per billing period. `ai_cost_micros` is what the operator pays;
 * `own_key_micros` about what the workspace's own keys cost at their providers, as far as prices are known.
 */
export const metricTypes = ["messages", "tokens", "ai_cost_micros", "agents_created", "own_key_micros"] as const;
export type MetricType = (typeof metricTypes)[number];

const metric = z.enum(metricTypes);
/** How many UTC days, the last of them today. */
const days = z.coerce.number().int().min(1).max(366).default(30);
const period = { periodStart: time, periodEnd: time };

export const usageCurrent = z
  .object({ metrics: z.array(z.object({ metric, value: micros, ...period })) })
  .meta({ id: "UsageCurrent" });
export type UsageCurrent = z.infer<typeof usageCurrent>;

/** What the answers of a history can be told apart by. Who pays always stands beside it. */
export const usageBreakdowns = ["day", "agent", "model"] as const;
export type UsageBreakdown = (typeof usageBreakdowns)[number];

/** What some of the answers that ended took together. */
export const usagePart = z
  .object({
    /** The UTC day; `null` unless told apart by day. */
    day: z.iso.date().nullable(),
    /** Also one that was deleted since; `null` unless told apart by agent. */
    agent: z.object({ id, name: z.string(), state: z.enum(["awake", "frozen", "deleted"]) }).nullable(),
    /** `null` unless told apart by model. */
    brain: z.object({ provider: z.enum(brainProviders), model: z.string() }).nullable(),
    payer,
    messages: z.int(),
    tokensIn: z.int(),
    tokensOut: z.int(),
    tokensCached: z.int(),
    /** What the operator pays the provider, also for answers that failed. */
    costMicros: micros,
    /** Of that, what the workspace is charged: neither the free AI of the Free plan nor answers that failed. */
    passedOnMicros: micros,
    /** About what own keys cost at their providers, as far as prices are known. */
    ownKeyMicros: micros,
  })
  .meta({ id: "UsagePart" });
export type UsagePart = z.infer<typeof usagePart>;

export const usageHistory = z
  .object({
    metric,
    /** One entry for each UTC day, oldest first, days without use included. */
    days: z.array(z.object({ day: z.iso.date(), value: micros })),
    /** The UTC day of the workspace's first answer ever; `null` before it. */
    firstDay: z.iso.date().nullable(),
    /** All that these days' answers took: days oldest first, agents and models with the most messages first. */
    parts: z.array(usagePart),
  })
  .meta({ id: "UsageHistory" });
export type UsageHistory = z.infer<typeof usageHistory>;

const gauge = z.object({
  used: z.int(),
  /** `null` means unlimited. */
  limit: z.int().nullable(),
  resetsAt: time.nullable(),
});

/** What AI on the operator's key costs in this billing period, and the cap on it, in micro-dollars. */
export const aiSpend = z.object({
  used: micros,
  /** The most that the answers now running can cost: held until they end. */
  held: micros,
  /** The cap: never more is spent, save what a provider writes beyond the longest answer it was allowed. */
  limit: micros,
  resetsAt: time,
  /** What the workspace set; `null` where its plan's usual cap holds. */
  own: micros.nullable(),
  /** The highest cap that can be set. */
  most: micros,
  /** The last answer that was refused for the cap would be refused now, too, with nothing else running. */
  full: z.boolean(),
});
export type AiSpend = z.infer<typeof aiSpend>;

export const usageLimits = z
  .object({
    plan: z.enum(planIds),
    messagesPerDay: gauge,
    agents: gauge,
    projects: gauge,
    /** `null` where there is no AI on the operator's key for this workspace. */
    aiSpend: aiSpend.nullable(),
  })
  .meta({ id: "UsageLimits" });
export type UsageLimits = z.infer<typeof usageLimits>;

const usage = { access: "member", tag: "Usage" } as const;

export const getUsageCurrent = endpoint({
  ...usage,
  method: "GET",
  path: "/api/v1/usage/current",
  summary: "What is used in this period, each metric",
  response: usageCurrent,
});

export const getUsageHistory = endpoint({
  ...usage,
  method: "GET",
  path: "/api/v1/usage/history",
  summary: "One metric by UTC day, and everything that was used by day, agent or model and who pays",
  query: z.object({
    metric: metric.default("messages"),
    days,
    by: z.enum(usageBreakdowns).default("day"),
  }),
  response: usageHistory,
});

export const exportUsage = endpoint({
  ...usage,
  method: "GET",
  path: "/api/v1/usage/export",
  summary: "What was used, as a table: a row for each UTC day, agent, model and payer, newest day first",
  query: z.object({ days }),
  contentType: "text/csv",
  response: z.string(),
});

export const getUsageLimits = endpoint({
  ...usage,
  method: "GET",
  path: "/api/v1/usage/limits",
  summary: "The plan's limits beside current usage",
  response: usageLimits,
});

export const setSpendCap = endpoint({
  ...usage,
  method: "PUT",
  path: "/api/v1/usage/spend-cap",
  summary: "Cap what AI on the operator's key may cost in a billing period; `null` takes the plan's usual cap",
  body: z.object({ capMicros: micros.nullable() }),
  response: usageLimits,
});
