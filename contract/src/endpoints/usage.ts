import { z } from "zod";
import { endpoint, micros, time } from "../endpoint.ts";
import { planIds } from "../plans.ts";

/** Counted things: `messages` per UTC day, the others per billing period. */
export const metricTypes = ["messages", "tokens", "ai_cost_micros", "agents_created"] as const;
export type MetricType = (typeof metricTypes)[number];

const metric = z.enum(metricTypes);
const period = { periodStart: time, periodEnd: time };

export const usageCurrent = z
  .object({ metrics: z.array(z.object({ metric, value: micros, ...period })) })
  .meta({ id: "UsageCurrent" });
export type UsageCurrent = z.infer<typeof usageCurrent>;

export const usageHistory = z
  .object({
    metric,
    /** One entry for each UTC day, oldest first, days without use included. */
    days: z.array(z.object({ day: z.iso.date(), value: micros })),
  })
  .meta({ id: "UsageHistory" });
export type UsageHistory = z.infer<typeof usageHistory>;

const gauge = z.object({
  used: z.int(),
  /** `null` means unlimited. */
  limit: z.int().nullable(),
  resetsAt: time.nullable(),
});

export const usageLimits = z
  .object({ plan: z.enum(planIds), messagesPerDay: gauge, agents: gauge, projects: gauge })
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
  summary: "One metric by UTC day",
  query: z.object({
    metric: metric.default("messages"),
    days: z.coerce.number().int().min(1).max(366).default(30),
  }),
  response: usageHistory,
});

export const getUsageLimits = endpoint({
  ...usage,
  method: "GET",
  path: "/api/v1/usage/limits",
  summary: "The plan's limits beside current usage",
  response: usageLimits,
});
