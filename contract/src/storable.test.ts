import { describe, expect, test } from "vitest";
import { z } from "zod";
import * as contract from "./index.ts";
import type { EndpointDefinition } from "./endpoint.ts";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const isEndpoint = (value: unknown): value is EndpointDefinition =>
  typeof value === "object" && value !== null && "access" in value && "path" in value;

const id = "0198f4c6-7c1e-7d2a-9d3b-5f6a7b8c9d0e";
const answers = { who: "You work in a bakery.", rules: "Be kind.", tricks: "We open at 8." };
const brain = { provider: "compatible", model: "llama", temperature: 1, maxOutputTokens: 100 };
const choice = { plan: "pro", interval: "year" };
const page = { limit: "10", cursor: "abc" };

/** For every endpoint that takes something: a valid body or query in which nothing is left out. */
const samples: Record<string, Json> = {
  "listProjects query": page,
  "createProject body": { name: "Bakery" },
  "updateProject body": { name: "Bakery" },
  "listAgents query": { ...page, projectId: id },
  "createAgent body": { projectId: id, name: "Bo", ...answers },
  "updateAgent body": { projectId: id, name: "Bo", ...answers, brain },
  "previewAgent body": { name: "Bo", ...answers, text: "When do you open?" },
  "putAiKey body": { key: "sk-0123456789", baseUrl: "https://ai.example.org/v1" },
  "createCheckout body": choice,
  "previewSwitch body": choice,
  "switchPlan body": {
    ...choice,
    fromPrice: "price_1",
    totalCents: 1,
    creditCents: 0,
    prorationDate: "2026-11-22T12:00:00.000Z",
  },
  "cancelPlan body": { when: "now" },
  "createPortal body": { flow: "card" },
  "listInvoices query": page,
  "sendMessage body": { text: "When do you open?", conversationId: id, replaces: id },
  "rateMessage body": { rating: "down", reason: "Too short." },
  "listConversations query": page,
  "setAnalyticsConsent body": { consent: true },
  "updateWorkspace body": { name: "Bakery" },
  "setSpendCap body": { capMicros: 5_000_000 },
  "listDecisions query": page,
  "getUsageHistory query": { metric: "tokens", days: "7", by: "day" },
  "exportUsage query": { days: "7" },
  "listCustomers query": { ...page, group: "paying", search: "anna" },
  "listCustomerAudit query": page,
  "listCustomerInvoices query": page,
  "listCustomersAiUsage query": page,
  "getRevenue query": { months: "6" },
  "listBillingEvents query": { ...page, state: "failed", type: "invoice.paid", customer: "cus_1" },
  "listBillingDifferences query": { ...page, state: "open" },
  "getPlanFit query": { plan: "free" },
  "putPlanFit body": { plan: "free", projects: [id], agents: [id] },
};

const inputs = Object.entries<unknown>(contract).flatMap(([name, value]) =>
  (isEndpoint(value) ? (["body", "query"] as const) : []).flatMap((part) => {
    const schema = isEndpoint(value) ? value[part] : undefined;
    return schema ? [{ name: `${name} ${part}`, schema }] : [];
  }),
);

/** Every copy of a value in which one of its strings is spoilt. */
function* spoilt(value: Json, spoil: (text: string) => string): Generator<Json> {
  if (typeof value === "string") yield spoil(value);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const bad of spoilt(item, spoil)) yield value.with(index, bad);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      for (const bad of spoilt(item, spoil)) yield { ...value, [key]: bad };
    }
  }
}

type Schema = z.core.JSONSchema.JSONSchema;

/** The properties that a JSON schema names and a sample leaves out, as dotted paths. */
function leftOut(root: Schema, sample: Json, schema: Schema = root, at = ""): string[] {
  if (schema.$ref) {
    const named = root.$defs?.[schema.$ref.replace("#/$defs/", "")];
    if (!named) throw new Error(`nothing is called ${schema.$ref}`);
    return leftOut(root, sample, named, at);
  }
  if (typeof sample !== "object" || sample === null || Array.isArray(sample)) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const value = sample[key];
    if (value === undefined) return [`${at}${key}`];
    return typeof inner === "boolean" ? [] : leftOut(root, value, inner, `${at}${key}.`);
  });
}

test("every endpoint that takes something has a sample", () => {
  expect(Object.keys(samples).toSorted()).toEqual(inputs.map(({ name }) => name).toSorted());
});

/** Where a sample holds no text, there is none to spoil. */
const ways = (character: string) => [(text: string) => `${text}${character}b`, () => `a${character}b`, () => character];

describe.each(inputs)("$name", ({ name, schema }) => {
  const sample = samples[name] ?? null;
  const texts = [...spoilt(sample, (text) => text)].length;

  test("takes its sample, which leaves nothing out", () => {
    expect(schema.safeParse(sample).error).toBeUndefined();
    expect(leftOut(z.toJSONSchema(schema, { io: "input" }), sample)).toEqual([]);
  });

  if (texts === 0) return;
  test.each([
    ["NUL", "\u0000"],
    ["half a character", "\uD83D"],
  ])("refuses %s in any of its texts", (_, character) => {
    const all = ways(character).flatMap((way) => [...spoilt(sample, way)]);
    expect(all).toHaveLength(3 * texts);
    expect(all.filter((input) => schema.safeParse(input).success)).toEqual([]);
  });
});
