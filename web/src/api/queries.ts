import {
  getAgent,
  getConfig,
  getConversation,
  getMe,
  getPlanFit,
  getAiUsage,
  getSubscription,
  getUsageCurrent,
  getUsageHistory,
  getUsageLimits,
  listAgents,
  listAiKeys,
  listBrains,
  listConversations,
  listDecisions,
  listInvoices,
  listProjects,
  type PlanId,
  type UsageBreakdown,
} from "@charlie/contract";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call, everyPage } from "./call.ts";

/**
 * What the pages read, one entry per endpoint: key and fetch in one place. Keys begin with the thing they are about, so
 * `invalidateQueries({ queryKey: ["agents"] })` covers the list and each agent in it.
 */
export const queries = {
  config: queryOptions({
    queryKey: ["config"],
    queryFn: ({ signal }) => call(getConfig, {}, { signal }),
    staleTime: Infinity,
  }),
  me: queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => call(getMe, {}, { signal }), staleTime: 60_000 }),

  projects: queryOptions({
    queryKey: ["projects"],
    queryFn: ({ signal }) => everyPage((query) => call(listProjects, { query }, { signal })),
  }),
  agents: queryOptions({
    queryKey: ["agents"],
    queryFn: ({ signal }) => everyPage((query) => call(listAgents, { query }, { signal })),
  }),
  agent: (id: string) =>
    queryOptions({
      queryKey: ["agents", id],
      queryFn: ({ signal }) => call(getAgent, { params: { id } }, { signal }),
    }),
  brains: queryOptions({ queryKey: ["brains"], queryFn: ({ signal }) => call(listBrains, {}, { signal }) }),
  aiKeys: queryOptions({
    queryKey: ["ai-keys"],
    queryFn: async ({ signal }) => (await call(listAiKeys, {}, { signal })).items,
  }),

  conversations: (agentId: string) =>
    queryOptions({
      queryKey: ["conversations", { agentId }],
      queryFn: ({ signal }) =>
        everyPage((query) => call(listConversations, { params: { id: agentId }, query }, { signal })),
    }),
  conversation: (id: string) =>
    queryOptions({
      queryKey: ["conversations", id],
      queryFn: ({ signal }) => call(getConversation, { params: { id } }, { signal }),
    }),

  usageCurrent: queryOptions({
    queryKey: ["usage", "current"],
    queryFn: ({ signal }) => call(getUsageCurrent, {}, { signal }),
  }),
  usageHistory: (days: number, by: UsageBreakdown) =>
    queryOptions({
      queryKey: ["usage", "history", days, by],
      queryFn: ({ signal }) => call(getUsageHistory, { query: { days, by } }, { signal }),
    }),
  usageLimits: queryOptions({
    queryKey: ["usage", "limits"],
    queryFn: ({ signal }) => call(getUsageLimits, {}, { signal }),
  }),
  /** Newest first; the next page is older. */
  decisions: infiniteQueryOptions({
    queryKey: ["usage", "decisions"],
    queryFn: ({ signal, pageParam: cursor }) => call(listDecisions, { query: { limit: 50, cursor } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  }),

  /** Who sleeps on the present plan, or would on another. */
  planFit: (plan?: PlanId) =>
    queryOptions({
      queryKey: ["plan-fit", plan ?? "present"],
      queryFn: ({ signal }) => call(getPlanFit, { query: { plan } }, { signal }),
    }),

  subscription: queryOptions({
    queryKey: ["billing", "subscription"],
    queryFn: ({ signal }) => call(getSubscription, {}, { signal }),
  }),
  aiUsage: queryOptions({
    queryKey: ["billing", "ai-usage"],
    queryFn: ({ signal }) => call(getAiUsage, {}, { signal }),
  }),
  invoices: queryOptions({
    queryKey: ["billing", "invoices"],
    queryFn: ({ signal }) => call(listInvoices, {}, { signal }),
  }),
};
