import type { EndpointDefinition } from "@charlie/contract";
import type { Client } from "./client.ts";
import { cases, memberEndpoints, requestOf, type Case } from "./endpoint-cases.ts";
import type { Furniture } from "./furnish.ts";
import type { PaidApp } from "./paid-app.ts";

/** The ids of a case's places, out of one workspace. */
export const idsOf = ({ names = {} }: Case, from: Furniture): Record<string, string> =>
  Object.fromEntries(Object.entries(names).map(([place, kind]) => [place, from[kind]]));

/** Asks an endpoint. */
export async function call(
  client: Client,
  { method }: EndpointDefinition,
  { path, body }: { path: string; body?: unknown },
  headers = {},
): Promise<{ status: number; text: string }> {
  const response = await client.send(method, path, body, { accept: "application/json", ...headers });
  return { status: response.status, text: await response.text() };
}

/** Gives a furnished workspace a plan in which no limit stands in the way. */
export const makeRoom = ({ db }: PaidApp, workspaceId: string) =>
  db.operator.query(
    `with awake as (update projects set frozen_at = null where workspace_id = $1)
    update workspaces set plan = 'pro' where id = $1`,
    [workspaceId],
  );

/** What changes a plan goes well only where one runs. */
async function ensurePlan(app: PaidApp, client: Client): Promise<void> {
  if ((await app.subscription(client)).status === "active") return;
  app.local.control.payCheckout(await app.checkout(client));
  await app.settled();
}

/** Deletions come late, that of the project that holds all the others last, and what is brought back after them. */
const late = ({ method, path }: EndpointDefinition): string =>
  path.endsWith("/restore")
    ? `3${path.includes("projects") ? 0 : 1}`
    : method === "DELETE"
      ? `2${["conversations", "ai-keys", "agents", "projects"].findIndex((kind) => path.includes(kind))}`
      : "1";

/** Asks every endpoint for members once, in somebody's own furnished workspace. Yields how each went, and how it should. */
export async function* askAll(app: PaidApp, client: Client, own: Furniture, providerUrl: string) {
  for (const [name, endpoint] of memberEndpoints.toSorted(([, a], [, b]) => late(a).localeCompare(late(b)))) {
    const given = cases[name] ?? {};
    const request = requestOf(endpoint, given, idsOf(given, own));
    if (name === "putAiKey") request.body = { ...request.body, baseUrl: providerUrl };
    if (["cancelPlan", "previewSwitch", "resumePlan", "switchPlan"].includes(name)) await ensurePlan(app, client);
    if (name === "switchPlan")
      request.body = (await client.post<Record<string, unknown>>("/api/v1/billing/preview", { plan: "team" })).body;
    // What asks Stripe sets it back, as nothing was paid.
    await makeRoom(app, own.workspace);
    const { status, text } = await call(client, endpoint, request);
    yield { name, status, text, expected: name === "joinStream" ? 204 : (endpoint.status ?? 200) };
  }
}
