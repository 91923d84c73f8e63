import {
  type CustomerGroup,
  getBillingEvent,
  getCustomer,
  getLaunch,
  getReconciliation,
  getRevenue,
  listBillingDifferences,
  listBillingEvents,
  listCustomerAudit,
  listCustomerInvoices,
  listCustomers,
  listCustomersAiUsage,
} from "@charlie/contract";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call } from "../../api/index.ts";

/** How often a page asks whether an event is worked on by now. */
const askAgainMs = 2_000;

/** What narrows the list of customers; it stands in the address. */
export interface CustomerSearch {
  group?: CustomerGroup;
  search?: string;
}

/** What narrows the list of events; it stands in the address. */
export interface EventSearch {
  state?: "failed" | "waiting";
  type?: string;
  customer?: string;
}

const firstPage: string | null = null;
const pages = {
  initialPageParam: firstPage,
  getNextPageParam: ({ nextCursor }: { nextCursor: string | null }) => nextCursor,
};
const at = (cursor: string | null) => (cursor === null ? {} : { cursor });

/** What the operator's pages read; kept apart, as nobody else's pages carry it. */
export const adminQueries = {
  revenue: queryOptions({
    queryKey: ["admin", "revenue"],
    queryFn: ({ signal }) => call(getRevenue, {}, { signal }),
  }),
  customers: (narrow: CustomerSearch) =>
    infiniteQueryOptions({
      queryKey: ["admin", "customers", narrow],
      queryFn: ({ signal, pageParam }) => call(listCustomers, { query: { ...narrow, ...at(pageParam) } }, { signal }),
      ...pages,
    }),
  customer: (id: string) =>
    queryOptions({
      queryKey: ["admin", "customer", id],
      queryFn: ({ signal }) => call(getCustomer, { params: { id } }, { signal }),
    }),
  audit: (id: string) =>
    infiniteQueryOptions({
      queryKey: ["admin", "customer", id, "audit"],
      queryFn: ({ signal, pageParam }) =>
        call(listCustomerAudit, { params: { id }, query: { limit: 20, ...at(pageParam) } }, { signal }),
      ...pages,
    }),
  invoices: (id: string) =>
    queryOptions({
      queryKey: ["admin", "customer", id, "invoices"],
      queryFn: ({ signal }) => call(listCustomerInvoices, { params: { id }, query: { limit: 24 } }, { signal }),
    }),
  events: (narrow: EventSearch) =>
    infiniteQueryOptions({
      queryKey: ["admin", "events", narrow],
      queryFn: ({ signal, pageParam }) =>
        call(listBillingEvents, { query: { ...narrow, ...at(pageParam) } }, { signal }),
      ...pages,
    }),
  event: (id: string) =>
    queryOptions({
      queryKey: ["admin", "event", id],
      queryFn: ({ signal }) => call(getBillingEvent, { params: { id } }, { signal }),
      refetchInterval: ({ state: { data } }) => (data?.processedAt === null ? askAgainMs : false),
    }),
  differences: infiniteQueryOptions({
    queryKey: ["admin", "differences"],
    queryFn: ({ signal, pageParam }) => call(listBillingDifferences, { query: at(pageParam) }, { signal }),
    ...pages,
  }),
  aiUsage: infiniteQueryOptions({
    queryKey: ["admin", "ai-usage"],
    queryFn: ({ signal, pageParam }) => call(listCustomersAiUsage, { query: at(pageParam) }, { signal }),
    ...pages,
  }),
  launch: queryOptions({
    queryKey: ["admin", "launch"],
    queryFn: ({ signal }) => call(getLaunch, {}, { signal }),
  }),
  reconciliation: queryOptions({
    queryKey: ["admin", "reconciliation"],
    queryFn: async ({ signal }) => (await call(getReconciliation, {}, { signal })).latest,
  }),
};
