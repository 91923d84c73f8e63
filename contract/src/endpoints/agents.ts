import { z } from "zod";
import { endpoint, id, idParams, line, notStorable, pageOf, pageQuery, storable, time } from "../endpoint.ts";
import { answers, brainChoice, flow } from "../flow.ts";
import { usedSentence } from "../trace.ts";

/** Beyond what the plan gives: it can be read and deleted, not changed or asked, until it is chosen or the plan grows. */
const frozen = z.boolean();

export const project = z
  .object({ id, name: z.string(), agentCount: z.int(), frozen, createdAt: time, updatedAt: time })
  .meta({ id: "Project" });
export type Project = z.infer<typeof project>;

export const agent = z
  .object({
    id,
    projectId: id,
    name: z.string(),
    ...answers.shape,
    brain: brainChoice,
    flow,
    frozen,
    createdAt: time,
    updatedAt: time,
    lastUsedAt: time.nullable(),
  })
  .meta({ id: "Agent" });
export type Agent = z.infer<typeof agent>;

/** An agent as lists show it. */
export const agentSummary = agent
  .pick({
    id: true,
    projectId: true,
    name: true,
    who: true,
    frozen: true,
    createdAt: true,
    updatedAt: true,
    lastUsedAt: true,
  })
  .meta({ id: "AgentSummary" });
export type AgentSummary = z.infer<typeof agentSummary>;

const previewQuestion = z
  .string()
  .trim()
  .min(1, "Ask something first.")
  .max(1_000, "Please keep this under 1,000 characters.")
  .refine(storable, notStorable);

const projects = { access: "member", tag: "Projects" } as const;
const agents = { access: "member", tag: "Agents" } as const;

export const listProjects = endpoint({
  ...projects,
  method: "GET",
  path: "/api/v1/projects",
  summary: "The workspace's projects, oldest first",
  query: pageQuery,
  response: pageOf(project),
});

export const createProject = endpoint({
  ...projects,
  method: "POST",
  path: "/api/v1/projects",
  summary: "Make a project; 402 at the plan's limit",
  body: z.object({ name: line(80) }),
  status: 201,
  response: project,
});

export const updateProject = endpoint({
  ...projects,
  method: "PATCH",
  path: "/api/v1/projects/:id",
  summary: "Rename a project",
  params: idParams,
  body: z.object({ name: line(80) }),
  response: project,
});

export const deleteProject = endpoint({
  ...projects,
  method: "DELETE",
  path: "/api/v1/projects/:id",
  summary: "Delete a project and its agents; can be undone with restore. The last project stays",
  params: idParams,
  status: 204,
  response: z.null(),
});

export const restoreProject = endpoint({
  ...projects,
  method: "POST",
  path: "/api/v1/projects/:id/restore",
  summary: "Undo the deletion of a project, with the agents that went with it",
  params: idParams,
  response: project,
});

export const listAgents = endpoint({
  ...agents,
  method: "GET",
  path: "/api/v1/agents",
  summary: "The workspace's agents, newest first",
  query: pageQuery.extend({ projectId: id.optional() }),
  response: pageOf(agentSummary),
});

export const createAgent = endpoint({
  ...agents,
  method: "POST",
  path: "/api/v1/agents",
  summary: "Teach a new agent with three answers; 402 at the plan's limit",
  body: z.object({ projectId: id.optional(), name: line(80).optional(), ...answers.shape }),
  status: 201,
  response: agent,
});

export const getAgent = endpoint({
  ...agents,
  method: "GET",
  path: "/api/v1/agents/:id",
  summary: "One agent with its answers, its brain and its flow",
  params: idParams,
  response: agent,
});

export const updateAgent = endpoint({
  ...agents,
  method: "PATCH",
  path: "/api/v1/agents/:id",
  summary: "Change an agent's name, answers, brain or project",
  params: idParams,
  body: z.object({
    projectId: id.optional(),
    name: line(80).optional(),
    who: answers.shape.who.optional(),
    rules: answers.shape.rules.optional(),
    tricks: answers.shape.tricks.optional(),
    brain: brainChoice.optional(),
  }),
  response: agent,
});

export const duplicateAgent = endpoint({
  ...agents,
  method: "POST",
  path: "/api/v1/agents/:id/duplicate",
  summary: "Copy an agent; 402 at the plan's limit",
  params: idParams,
  status: 201,
  response: agent,
});

export const deleteAgent = endpoint({
  ...agents,
  method: "DELETE",
  path: "/api/v1/agents/:id",
  summary: "Delete an agent; can be undone with restore",
  params: idParams,
  status: 204,
  response: z.null(),
});

export const restoreAgent = endpoint({
  ...agents,
  method: "POST",
  path: "/api/v1/agents/:id/restore",
  summary:
    "Undo the deletion of an agent; 402 where the plan's limit is met meanwhile. One that was frozen is so again",
  params: idParams,
  response: agent,
});

export const previewAgent = endpoint({
  ...agents,
  repeats: "harmless",
  method: "POST",
  path: "/api/v1/agents/preview",
  summary: "What an agent with these answers would say, from the offline brain; stored nowhere, not counted",
  body: z.object({
    name: z.string().trim().max(80).refine(storable, notStorable).optional(),
    ...answers.shape,
    text: previewQuestion,
  }),
  response: z.object({ text: z.string(), used: z.array(usedSentence) }),
});
