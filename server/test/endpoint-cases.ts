import * as contract from "@charlie/contract";
import type { EndpointDefinition } from "@charlie/contract";
import { z } from "zod";
import type { Furniture } from "./furnish.ts";

/** A request in a furnished workspace that goes well, and where in it which id of a workspace stands. */
export interface Case {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  /** Place (`params.id`, `body.projectId`) → what kind of thing is named there. */
  names?: Record<string, keyof Furniture>;
  /** A list that narrows by an id is empty for an unknown one, as for anybody's else. */
  empty?: true;
}

type Named = [name: string, endpoint: EndpointDefinition];
const isEndpoint = (value: unknown): value is EndpointDefinition =>
  typeof value === "object" && value !== null && "method" in value && "path" in value && "access" in value;
/** Every endpoint of the contract, by the name it is exported with. */
export const endpoints = Object.entries<unknown>(contract).filter((entry): entry is Named => isEndpoint(entry[1]));
/** Whose `params.id` names a customer, by its workspace, or what Stripe sent. */
export const operatorEndpoints = endpoints.filter(([, { access }]) => access === "operator");
export const memberEndpoints = endpoints.filter(([, { access }]) => access === "member");

const answers = { who: "A baker.", rules: "Be kind.", tricks: "We open at 8." };
const rename = { name: "Renamed" };
const project = { names: { "params.id": "project" } } as const;
const agent = { names: { "params.id": "agent" } } as const;
const conversation = { names: { "params.id": "conversation" } } as const;
const answer = { names: { "params.id": "answer" } } as const;

/** One entry for each endpoint that takes parameters, a query of ids, or a body. */
export const cases: Record<string, Case> = {
  updateWorkspace: { names: { "params.id": "workspace" }, body: rename },
  setAnalyticsConsent: { body: { consent: true } },
  createProject: { body: rename },
  updateProject: { ...project, body: rename },
  deleteProject: project,
  restoreProject: project,
  listAgents: { names: { "query.projectId": "project" }, empty: true },
  createAgent: { names: { "body.projectId": "project" }, body: answers },
  previewAgent: { body: { ...answers, text: "When do you open?" } },
  getAgent: agent,
  updateAgent: { names: { "params.id": "agent", "body.projectId": "project" }, body: answers },
  duplicateAgent: agent,
  deleteAgent: agent,
  restoreAgent: agent,
  // For a plan that has room for all: nothing falls asleep on those that come after.
  putPlanFit: { names: { "body.projects": "project", "body.agents": "agent" }, body: { plan: "team" } },
  getAiKey: { params: { provider: "compatible" } },
  putAiKey: { params: { provider: "compatible" }, body: { key: "another-key-5678" } },
  deleteAiKey: { params: { provider: "compatible" } },
  createCheckout: { body: { plan: "pro" } },
  previewSwitch: { body: { plan: "team" } },
  switchPlan: {
    body: {
      plan: "team",
      fromPrice: "price_1",
      totalCents: 1,
      creditCents: 0,
      prorationDate: "2026-11-22T12:00:00.000Z",
    },
  },
  cancelPlan: { body: { when: "now" } },
  createPortal: { body: { flow: "home" } },
  setSpendCap: { body: { capMicros: 0 } },
  getDecision: { names: { "params.id": "decision" } },
  sendMessage: {
    names: { "params.id": "agent", "body.conversationId": "conversation", "body.replaces": "question" },
    body: { text: "Hello?" },
  },
  joinStream: answer,
  stopMessage: answer,
  rateMessage: { ...answer, body: { rating: "up" } },
  listConversations: agent,
  getConversation: conversation,
  deleteConversation: conversation,
};

/** Places in an endpoint's input where its schema wants an id. */
export function idPlaces({ params, query, body }: EndpointDefinition): string[] {
  return Object.entries({ params, query, body }).flatMap(([part, schema]) => {
    if (!schema) return [];
    const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
    return Object.entries(properties)
      .filter(([, property]) => JSON.stringify(property).includes('"format":"uuid"'))
      .map(([name]) => `${part}.${name}`);
  });
}

/** Whether a body takes several of what it names there. */
const isList = ({ body }: EndpointDefinition, name: string): boolean =>
  body instanceof z.ZodObject && body.shape[name] instanceof z.ZodArray;

/** The request of a case, with an id at each of these places. */
export function requestOf(endpoint: EndpointDefinition, given: Case, ids: Record<string, string>) {
  const at = (part: string) =>
    Object.fromEntries(
      Object.entries(ids).flatMap(([place, id]) =>
        place.startsWith(`${part}.`) ? [[place.slice(part.length + 1), id]] : [],
      ),
    );
  const query = new URLSearchParams({ ...given.query, ...at("query") }).toString();
  const path = `${contract.pathOf(endpoint, { ...given.params, ...at("params") })}${query && `?${query}`}`;
  const placed = Object.entries(at("body")).map(([name, id]) => [name, isList(endpoint, name) ? [id] : id]);
  const body = endpoint.body ? { ...given.body, ...Object.fromEntries(placed) } : undefined;
  return { path, body };
}
