import { keyProviders, type Agent, type KeyProvider } from "@charlie/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeLog } from "../src/log.ts";
import { startWorker } from "../src/jobs/queue.ts";
import type { Client } from "./client.ts";
import { cases, endpoints, requestOf } from "./endpoint-cases.ts";
import { furnish, furnitureKey, type Furniture } from "./furnish.ts";
import { startTestApp, type TestApp } from "./harness.ts";
import { operatorEnv, signUpOperator } from "./operator.ts";
import { startProviderStandIn, type ProviderStandIn } from "./stand-ins/providers.ts";

// The stand-in repeats the key in each of its refusals, as real providers do.
const keys: Record<KeyProvider, string> = {
  openai: "sk-proj-Quiet1OpenaiKeyOfTheWorkspace0001",
  anthropic: "sk-ant-Quiet2AnthropicKeyOfTheWorkspace0002",
  compatible: "Quiet3CompatibleKeyOfTheWorkspace0003",
};
const operatorKeys = {
  OPENAI_API_KEY: "sk-proj-Quiet4OpenaiKeyOfTheOperator0004",
  ANTHROPIC_API_KEY: "sk-ant-Quiet5AnthropicKeyOfTheOperator0005",
};
const refusedKey = "sk-Quiet6-bad-KeyThatIsRefused0006";
const all = [...Object.values(keys), ...Object.values(operatorKeys), refusedKey, furnitureKey];

/** Ways to write a key that would still give it away. */
const spellings = (key: string): string[] => {
  const bytes = Buffer.from(key);
  return [key, key.slice(0, 14), bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("hex")];
};
const found = (text: string): string[] => all.flatMap(spellings).filter((spelled) => text.includes(spelled));

let app: TestApp;
let provider: ProviderStandIn;
let pat: Client;
let own: Furniture;
let worker: { stop(): Promise<void> };
const log: string[] = [];
const answers: string[] = [];

/** Sends a request and keeps all of its answer. */
async function hear(
  client: Client,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await client.send(method, path, body, headers);
  const text = await response.text();
  answers.push(`${method} ${path} ${response.status} ${JSON.stringify([...response.headers])} ${text}`);
  return { status: response.status, text };
}

beforeAll(async () => {
  provider = await startProviderStandIn();
  app = await startTestApp({
    env: {
      ...operatorKeys,
      ...operatorEnv,
      OPENAI_BASE_URL: provider.url,
      ANTHROPIC_BASE_URL: provider.url,
      FREE_AI_ALLOWANCE_USD: "5",
    },
    deps: {
      log: makeLog("trace", { write: (line) => void log.push(line) }),
      brainTimings: { timeouts: { firstTextMs: 300, betweenMs: 300, wholeMs: 5_000 }, offlinePauseMs: 0 },
    },
  });
  worker = await startWorker(app.db, app.app.jobs, makeLog("trace", { write: (line) => void log.push(line) }));
  // Runs the service too, so that the operator's endpoints are heard as well.
  pat = await signUpOperator(app);
  own = await furnish(app, pat, "of-pat", provider.url);
});
afterAll(async () => {
  await worker.stop();
  await app.close();
  await provider.close();
});

const behaviours = [
  "echo",
  "fail-400",
  "fail-401",
  "fail-403",
  "fail-404",
  "fail-429",
  "fail-429-quota",
  "fail-500",
  "cut-after-2",
  "end-after-2",
  "error-after-2",
  "hang",
  "hang-after-2",
];

/** Asks with every kind of failure, streamed and in one piece. */
async function askAll(agent: string): Promise<void> {
  for (const behaviour of behaviours) {
    const body = { text: `Hello? [${behaviour}]` };
    await hear(pat, "POST", `/api/v1/agents/${agent}/messages`, body);
    if (behaviour !== "hang")
      await hear(pat, "POST", `/api/v1/agents/${agent}/messages`, body, { accept: "application/json" });
  }
}

test("a key is saved, used, refused and forgotten, and shows up in no answer, no log line and no table", async () => {
  const path = (name: KeyProvider) => `/api/v1/ai-keys/${name}`;
  const addressOf = (name: KeyProvider) => (name === "compatible" ? { baseUrl: provider.url } : {});
  const brainOf = (name: string) => ({
    provider: name,
    model: name === "compatible" ? "echo" : null,
    temperature: null,
    maxOutputTokens: null,
  });
  for (const name of keyProviders) {
    const body = { key: refusedKey, ...addressOf(name) };
    expect((await hear(pat, "PUT", path(name), body)).status).toBe(400);
    // As a broken request too: the answer names the field, not the value.
    expect((await hear(pat, "PUT", path(name), { key: `${keys[name]} ${"x".repeat(500)}` })).status).toBe(400);
    expect((await hear(pat, "PUT", path(name), { key: [keys[name]] })).status).toBe(400);
  }
  // The operator's keys first, as long as the workspace has none of its own.
  await hear(pat, "DELETE", path("compatible"));
  for (const name of ["openai", "anthropic"] as const) {
    await hear(pat, "PATCH", `/api/v1/agents/${own.agent}`, { brain: brainOf(name) });
    await askAll(own.agent);
  }
  expect(provider.requests.some(({ headers }) => JSON.stringify(headers).includes(operatorKeys.OPENAI_API_KEY))).toBe(
    true,
  );
  for (const name of keyProviders) {
    expect((await hear(pat, "PUT", path(name), { key: keys[name], ...addressOf(name) })).status).toBe(200);
    await hear(pat, "PATCH", `/api/v1/agents/${own.agent}`, { brain: brainOf(name) });
    await askAll(own.agent);
    expect(provider.requests.some(({ headers }) => JSON.stringify(headers).includes(keys[name]))).toBe(true);
  }

  // Everything that can be read, now that there is all this to read.
  const { body: list } = await pat.get<{ items: Agent[] }>(`/api/v1/agents/${own.agent}/conversations?limit=100`);
  for (const { id } of list.items) await hear(pat, "GET", `/api/v1/conversations/${id}`);
  for (const [name, endpoint] of endpoints.filter(([, { method }]) => method === "GET")) {
    const operators = endpoint.access === "operator";
    const given = cases[name] ?? (operators ? { params: { id: own.workspace } } : {});
    const ids = Object.fromEntries(Object.entries(given.names ?? {}).map(([place, kind]) => [place, own[kind]]));
    const { status } = await hear(pat, "GET", requestOf(endpoint, given, ids).path);
    // 503: these tests have no Stripe. 404: of the operator's things not every one is there.
    expect([name, [200, 204, 503, ...(operators ? [404] : [])].includes(status)]).toEqual([name, true]);
  }
  for (const page of ["/", "/settings/ai-keys", "/mail", "/health", "/api/openapi.json"]) await hear(pat, "GET", page);
  expect((await hear(pat, "DELETE", path("openai"))).status).toBe(204);

  expect(answers.filter((text) => found(text).length > 0)).toEqual([]);
  // What failed was said, so this is not an empty search.
  expect(answers.join()).toContain("provider");
  expect(answers.length).toBeGreaterThan(100);

  expect(log.length).toBeGreaterThan(100);
  expect(log.filter((line) => found(line).length > 0)).toEqual([]);

  const { rows: tables } = await app.db.operator.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    const { rows } = await app.db.operator.query<{ row: string }>(
      `select (to_jsonb(t) - 'ciphertext')::text as row from ${name} t`,
    );
    expect([name, rows.filter(({ row }) => found(row).length > 0)]).toEqual([name, []]);
  }
  // The one place where it is, it cannot be read; and the same key sealed for two rows looks different.
  const { rows } = await app.db.operator.query<{ ciphertext: string }>("select ciphertext from ai_keys");
  expect(rows).toHaveLength(2);
  for (const { ciphertext } of rows) expect(found(ciphertext)).toEqual([]);
});
