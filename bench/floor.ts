/**
 * The floor of an answer: a bare Fastify and `pg` that makes the same two commits, each as one named statement, and the
 * same call to the provider, without sign-in, row-level security, AI SDK, trace or joiners. Arguments: port, provider.
 */
import { randomUUIDv7 } from "node:crypto";
import Fastify from "fastify";
import { Pool } from "pg";
import { acceptSql } from "../server/src/features/chat/accept-sql.ts";
import { endSql } from "../server/src/features/chat/endings.ts";

const [port = "", provider = ""] = process.argv.slice(2);
// Generic plans as ours has: planning these statements anew each time would take longer than running them.
const options = "-c plan_cache_mode=force_generic_plan";
const pool = new Pool({ connectionString: process.env["DATABASE_URL"], max: 10, options });
const app = Fastify();

interface Asked {
  workspaceId: string;
  agentId: string;
  text: string;
}

/** The provider's pieces of text, as they come. */
async function* ask(text: string): AsyncGenerator<string> {
  const answer = await fetch(`${provider}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "instant", stream: true, messages: [{ role: "user", content: text }] }),
  });
  const decoder = new TextDecoder();
  let left = "";
  for await (const bytes of answer.body ?? []) {
    const lines = (left + decoder.decode(bytes, { stream: true })).split("\n\n");
    left = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data: {")) continue;
      const { choices } = JSON.parse(line.slice(6)) as { choices: { delta?: { content?: string } }[] };
      const piece = choices[0]?.delta?.content;
      if (piece) yield piece;
    }
  }
}

app.get("/readyz", () => "ready");
app.post<{ Body: Asked }>("/messages", async ({ body: { workspaceId, agentId, text }, headers }, reply) => {
  const [conversation = "", question = "", answer = ""] = Array.from({ length: 3 }, () => randomUUIDv7()).toSorted();
  const accept = [workspaceId, null, null, answer, conversation, agentId, text, null, 5_000, question, text, null];
  const accepted = await pool.query<{ outcome: string }>({
    name: "accept",
    text: acceptSql,
    values: [...accept, null, null, "team", null],
  });
  if (accepted.rows[0]?.outcome !== "accepted") throw new Error(`not accepted: ${accepted.rows[0]?.outcome}`);
  const streams = headers.accept !== "application/json";
  if (streams) {
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "text/event-stream" });
  }
  let said = "";
  for await (const piece of ask(text)) {
    said += piece;
    if (streams) reply.raw.write(`data: ${JSON.stringify({ type: "text-delta", delta: piece })}\n\n`);
  }
  const finish = [workspaceId, answer, "complete", said, "{}", agentId, "compatible", "instant", 100, 20, 0, 0];
  await pool.query({ name: "finish", text: endSql, values: [...finish, "own_key", null, false, null, null] });
  if (!streams) return { text: said };
  reply.raw.end("data: [DONE]\n\n");
  return reply;
});
process.once("SIGTERM", () => void app.close().then(() => pool.end()));
await app.listen({ port: Number(port), host: "127.0.0.1" });
