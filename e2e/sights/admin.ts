import { type BillingEvent, type Customer, type Revenue } from "@charlie/contract";
import { expect } from "@playwright/test";
import type { Resident } from "../world.ts";
import { answering, heading, type Sight, words } from "./sight.ts";

/** The first of what the operator's interface lists. */
async function first<T extends { id: string }>({ person }: Resident, path: string): Promise<T> {
  const { items } = (await (await person.api.get(`/api/v1/admin/${path}`)).json()) as { items: T[] };
  if (!items[0]) throw new Error(`nothing at ${path}`);
  return items[0];
}

const noRevenue: Revenue = {
  now: "2026-11-22T12:00:00.000Z",
  mrrMicros: 0,
  payers: 0,
  pastDueMicros: 0,
  pastDuePayers: 0,
  endingMicros: 0,
  endingPayers: 0,
  plans: [],
  months: [],
};

/** The pages of whoever runs the service. */
export const adminSights: readonly Sight[] = [
  { name: "admin-revenue", who: "operator", route: "/admin", path: "/admin", ready: heading("Month by month") },
  {
    name: "admin-revenue-empty",
    who: "operator",
    path: "/admin",
    ready: async (page) => {
      await answering(page, "revenue", noRevenue);
      await expect(page.getByRole("heading", { name: "Nobody pays yet" })).toBeVisible();
    },
  },
  {
    name: "admin-customers",
    who: "operator",
    route: "/admin/customers",
    path: "/admin/customers",
    ready: words(/^Payment failed on/),
  },
  {
    name: "admin-customers-none",
    who: "operator",
    path: "/admin/customers?search=nobody-of-this-name",
    ready: heading("Nobody like that"),
  },
  {
    name: "admin-customer",
    who: "operator",
    route: "/admin/customers/$customerId",
    path: async (operator) => `/admin/customers/${(await first<Customer>(operator, "customers?group=past_due")).id}`,
    ready: words("Brought to what Stripe has"),
  },
  {
    name: "admin-ai-usage-none",
    who: "operator",
    route: "/admin/ai-usage",
    path: "/admin/ai-usage",
    ready: async (page) => {
      await answering(page, "ai-usage", { items: [], nextCursor: null });
      await expect(page.getByRole("heading", { name: "Nothing to pass on yet" })).toBeVisible();
    },
  },
  {
    name: "admin-ai-usage",
    who: "operator",
    path: "/admin/ai-usage",
    ready: async (page) => {
      const customer = { id: "0198f4c6-7c1e-7d2a-9d3b-5f6a7b8c9d0e", name: "Sunrise Bakery" };
      const all = { recordedMicros: 4_210_000, reportedMicros: 4_210_000, acceptedMicros: 4_210_000 };
      const arrived = {
        customer,
        ...all,
        invoicedMicros: 3_000_000,
        pendingMicros: 1_210_000,
        differences: { reported: 0, accepted: 0, invoiced: 0 },
        lastReportedAt: "2026-11-22T11:43:00.000Z",
        error: null,
      };
      const onItsWay = {
        ...arrived,
        customer: { ...customer, id: customer.id.replace("0e", "0f"), name: "Harbour Clinic" },
        acceptedMicros: 4_000_000,
        pendingMicros: 1_000_000,
        differences: { reported: 0, accepted: 210_000, invoiced: 0 },
        error: "An error occurred with our connection to Stripe.",
      };
      await answering(page, "ai-usage", { items: [onItsWay, arrived], nextCursor: null });
      await expect(page.getByText("All arrived")).toBeVisible();
    },
  },
  { name: "admin-events", who: "operator", route: "/admin/events", path: "/admin/events", ready: words(/^Done$/) },
  {
    name: "admin-events-none",
    who: "operator",
    path: "/admin/events?state=failed",
    ready: heading("No such events"),
  },
  {
    name: "admin-event",
    who: "operator",
    route: "/admin/events/$eventId",
    path: async (operator) => `/admin/events/${(await first<BillingEvent>(operator, "events?type=invoice.paid")).id}`,
    ready: heading("What Stripe wrote"),
  },
  {
    name: "admin-differences",
    who: "operator",
    route: "/admin/differences",
    path: "/admin/differences",
    ready: async (page) => {
      await page.getByRole("button", { name: "Compare now" }).click();
      await expect(page.getByText(/^Last compared on/)).toBeVisible({ timeout: 30_000 });
    },
  },
  {
    name: "admin-differences-some",
    who: "operator",
    path: "/admin/differences",
    ready: async (page) => {
      const customer = { id: "0198f4c6-7c1e-7d2a-9d3b-5f6a7b8c9d0e", name: "Sunrise Bakery" };
      const found = { customer, foundAt: "2026-11-20T08:17:00.000Z", lastSeenAt: "2026-11-22T11:17:00.000Z" };
      const open = {
        ...found,
        id: "0198f4c6-7c1e-7d2a-9d3b-5f6a7b8c9d01",
        kind: "state",
        repairedAt: null,
        data: {},
        error:
          "We cannot tell yet which plan belongs to the payment (sub_1Q is for the price price_1QfZ8bL2eZvKYlo2C0aQbcDe)",
      };
      const repaired = {
        ...found,
        id: "0198f4c6-7c1e-7d2a-9d3b-5f6a7b8c9d02",
        kind: "state",
        lastSeenAt: found.foundAt,
        repairedAt: found.foundAt,
        data: { workspacePlan: { from: "pro", to: "team" }, mrrMicros: { from: 29_000_000, to: 79_000_000 } },
        error: null,
      };
      await answering(page, "differences", { items: [open, repaired], nextCursor: null });
      const wrong = { invariant: "messages_counter", workspaceId: customer.id, subject: "2026-11-22" };
      const seen = { answers: 12_345, workspaces: 67, outsideMonths: 0 };
      await answering(page, "audit", {
        ...seen,
        differenceCount: 1,
        differences: [{ ...wrong, expected: 1, found: 7 }],
      });
      const decision = {
        id: open.id,
        limit: "messagesPerDay",
        plan: "free",
        used: 50,
        allowed: 50,
        resetsAt: null,
        next: null,
        spend: null,
        helps: ["wait"],
        status: 402,
        asked: "POST /api/v1/agents/:id/messages",
        detail: "You have used the 50 messages of today.",
        createdAt: found.foundAt,
        customer,
      };
      await answering(page, `decisions/${open.id}`, decision);
      await page.getByRole("button", { name: "Check the books" }).click();
      await expect(page.getByText("7 instead of 1")).toBeVisible();
      await page.getByLabel("Why was it refused?").fill(open.id);
      await page.getByLabel("Why was it refused?").press("Enter");
      await expect(page.getByText(decision.detail)).toBeVisible();
      await expect(page.getByText("50 of 50 at that moment. What helps: waiting.")).toBeVisible();
      await expect(page.getByText("Repaired")).toBeVisible();
    },
  },
  {
    name: "admin-planning",
    who: "operator",
    route: "/admin/planning",
    path: "/admin/planning",
    ready: words("$6,325"),
  },
  {
    name: "admin-menu",
    who: "operator",
    path: "/home",
    ready: async (page) => {
      await page.getByRole("button", { name: "Menu" }).click();
      await expect(page.getByRole("menuitem", { name: "Operator" })).toBeVisible();
    },
  },
  {
    name: "admin-not-there",
    who: "builder",
    path: "/admin",
    ready: async (page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible(),
    refused: /^404 GET \/admin$/,
  },
];
