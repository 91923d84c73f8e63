import { randomUUIDv7 } from "node:crypto";
import { join } from "node:path";
import type { Agent, Me } from "@charlie/contract";
import { makeClient, type Client } from "../server/test/client.ts";
import { freePort } from "../server/src/embedded/free-port.ts";
import type { Part, Stage } from "./stage.ts";

/** Somebody with a workspace of their own on Team and an agent that answers by the stand-in. */
export interface Chatter {
  client: Client;
  workspaceId: string;
  agentId: string;
}

const here = (file: string): string => join(import.meta.dirname, file);

/** The instant provider, in a process of its own. Returns its base address. */
export async function startProvider(stage: Stage): Promise<string> {
  const port = await freePort();
  await stage.start([here("provider.ts"), String(port)], { ready: `http://127.0.0.1:${port}/v1/models` });
  return `http://127.0.0.1:${port}/v1`;
}

/** The server as people run it, without a worker. */
export async function startServer(stage: Stage): Promise<{ url: string; part: Part }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    NODE_ENV: "test",
    PORT: String(port),
    HOST: "127.0.0.1",
    PUBLIC_URL: url,
    CHARLIE_DATA_DIR: stage.folder,
    DATABASE_URL: stage.databaseUrl,
    RATE_LIMIT_SCALE: "0",
    STRIPE_SECRET_KEY: "sk_test_0123456789abcdef",
  };
  const part = await stage.start([here("../server/src/main.ts"), "web"], {
    env,
    ready: `${url}/readyz`,
    profile: true,
  });
  return { url, part };
}

export async function makeChatter(stage: Stage, url: string, provider: string, model: string): Promise<Chatter> {
  const client = makeClient(url);
  const email = `p-${randomUUIDv7()}@example.org`;
  await client.post("/api/auth/sign-up/email", { name: "Pat", email, password: "a good long password" });
  const { body: me } = await client.get<Me>("/api/v1/me");
  const workspaceId = me.workspace.id;
  await stage.pool.query("update workspaces set plan = 'team' where id = $1", [workspaceId]);
  await client.put("/api/v1/ai-keys/compatible", { key: "bench-key-1234", baseUrl: provider });
  const answers = { who: "You work in a bakery.", rules: "Be kind.", tricks: "We open at 8 in the morning." };
  const { body: agent } = await client.post<Agent>("/api/v1/agents", answers);
  const brain = { provider: "compatible", model, temperature: null, maxOutputTokens: null };
  const { status } = await client.patch(`/api/v1/agents/${agent.id}`, { brain });
  if (status !== 200) throw new Error(`the agent was not made: ${status}`);
  return { client, workspaceId, agentId: agent.id };
}
