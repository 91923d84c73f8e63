import { randomUUIDv7 } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flowOf } from "../contract/src/index.ts";
import { readConfig } from "../server/src/config.ts";
import { makeCtx, type Ctx } from "../server/src/context.ts";
import { openDatabase, type Database } from "../server/src/db/client.ts";
import { migrate } from "../server/src/db/migrate.ts";
import { startPostgres } from "../server/src/embedded/postgres.ts";
import { listAgents } from "../server/src/features/agents/list-agents.ts";
import { makeAiServices, type AiServices } from "../server/src/features/ai/index.ts";
import { acceptQuestion } from "../server/src/features/chat/accept.ts";
import { finishAnswer } from "../server/src/features/chat/endings.ts";
import { getConversation } from "../server/src/features/chat/get-conversation.ts";
import { makeKnown } from "../server/src/features/chat/load.ts";
import { listConversations } from "../server/src/features/chat/list-conversations.ts";
import type { Job } from "../server/src/features/chat/types.ts";
import { getUsageCurrent } from "../server/src/features/usage/get-usage-current.ts";
import { getUsageHistory } from "../server/src/features/usage/get-usage-history.ts";
import { getUsageLimits } from "../server/src/features/usage/get-usage-limits.ts";
import { grow } from "../server/test/grow.ts";
import { median, type Figure } from "./table.ts";

const months = 12;
const rounds = 200;
/** Not measured: plans and pages come into memory. */
const warmUp = 40;

interface Grown {
  messages: number;
  db: Database;
  ctx: Ctx;
  agentId: string;
  bytes: number;
}

async function makeGrown(url: string, messages: number): Promise<Grown> {
  const [workspaceId, projectId, agentId] = [randomUUIDv7(), randomUUIDv7(), randomUUIDv7()];
  await migrate(url);
  const db = openDatabase(url);
  const run = (sql: string, values: unknown[]) => db.operator.query(sql, values);
  await run("insert into workspaces (id, name, plan) values ($1, 'Bakery', 'team')", [workspaceId]);
  await run("insert into projects (id, workspace_id, name) values ($1, $2, 'P')", [projectId, workspaceId]);
  const flow = JSON.stringify(flowOf({ who: "A baker", rules: "", tricks: "We open at 8." }));
  const agent = "insert into agents (id, workspace_id, project_id, name, flow) values ($1, $2, $3, 'Charlie', $4)";
  for (const id of [agentId, randomUUIDv7(), randomUUIDv7()]) await run(agent, [id, workspaceId, projectId, flow]);
  // What grows is messages, not days with use: of few, all are one workspace's, a question or two on each day.
  const spread = messages < 100_000 ? { oneOf: 1, questionsEach: 1 } : {};
  await grow(db.operator, { messages, months, workspaceId, agentId, ...spread });
  await run("vacuum analyze", []);
  const { rows } = await db.operator.query<{ bytes: number }>("select pg_database_size(current_database()) as bytes");
  const ctx = makeCtx({ actor: { type: "system", name: "bench" }, role: "owner", workspaceId, db });
  return { messages, db, ctx, agentId, bytes: rows[0]?.bytes ?? 0 };
}

const usage = {
  provider: "openai",
  model: "m",
  payer: "own_key",
  tokensIn: 50,
  tokensOut: 9,
  tokensCached: 0,
  costMicros: 0,
  ownKeyMicros: 3,
  estimated: false,
} as const;
const finish = ({ db }: Grown, job: Job, ai: AiServices): Promise<unknown> =>
  finishAnswer({ db, ai }, job, { state: "complete", text: "At 8.", trace: { version: 1, steps: [] }, usage });

async function timed<T>(times: number[], work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  times.push(performance.now() - started);
  return result;
}

const measured = [
  "accept",
  "finish",
  "next question",
  "usage page",
  "agent list",
  "conversation list",
  "conversation",
] as const;
/** What issue and aim are about; the rest stands beside it. */
const aimed = new Set<string>(["accept", "usage page", "agent list"]);
type Times = Record<(typeof measured)[number], number[]>;
const noTimes = (): Times => Object.fromEntries(measured.map((name) => [name, [] as number[]])) as Times;

/** One person's round through everything that is measured. */
async function goRound(grown: Grown, ai: AiServices, times: Times): Promise<void> {
  const { ctx, agentId } = grown;
  const ask = async (conversationId?: string): Promise<Job> => {
    const idempotency = { key: randomUUIDv7(), hash: "h" };
    const accepted = await acceptQuestion(
      ctx,
      { agentId, text: "When do you open?", conversationId, idempotency },
      ai,
      // Nothing is known yet: with its load.
      makeKnown(),
    );
    if (!accepted.fresh) throw new Error("not a new question");
    return accepted.job;
  };
  const job = await timed(times.accept, () => ask());
  await timed(times.finish, () => finish(grown, job, ai));
  await finish(grown, await timed(times["next question"], () => ask(job.place.conversationId)), ai);
  await timed(times["usage page"], async () => {
    await Promise.all([getUsageCurrent(ctx), getUsageLimits(ctx, ai)]);
    for (const metric of ["messages", "tokens", "ai_cost_micros"] as const)
      await getUsageHistory(ctx, { metric, days: 30, by: "day" });
  });
  await timed(times["agent list"], () => listAgents(ctx, { limit: 50 }));
  await timed(times["conversation list"], () => listConversations(ctx, agentId, { limit: 50 }));
  await timed(times.conversation, () => getConversation(ctx, job.place.conversationId));
  // The plan's messages of the day are not what is measured.
  await grown.db.operator.query(
    "update usage_metrics set value = 0 where workspace_id = $1 and metric_type = 'messages'",
    [ctx.workspaceId],
  );
}

/**
 * What a workspace's requests take while everybody's messages grow: accepting and finishing an answer, a conversation's
 * next question, the usage page, the lists. In a PostgreSQL of its own, whose making need not be durable.
 */
export async function growth(sizes: readonly number[]): Promise<Figure[]> {
  let figures: Figure[] = [];
  const folder = mkdtempSync(join(tmpdir(), "charlie-growth-"));
  const settings = ["shared_buffers=512MB", "max_wal_size=4GB"];
  // Nothing is kept of a broken run, so making the messages need not wait for the disk; measuring does.
  let postgres = await startPostgres(folder, { settings: [...settings, "fsync=off", "full_page_writes=off"] });
  const urlOf = (size: number): string => Object.assign(new URL(postgres.url), { pathname: `/g${size}` }).href;
  try {
    const admin = openDatabase(postgres.url);
    const made: Grown[] = [];
    for (const size of sizes) {
      const started = performance.now();
      await admin.operator.query(`create database g${size}`);
      const grown = await makeGrown(urlOf(size), size);
      made.push(grown);
      await grown.db.close();
      const seconds = ((performance.now() - started) / 1_000).toFixed(0);
      console.log(`${size.toLocaleString("en")} messages made in ${seconds} s, ${(grown.bytes / 1e9).toFixed(2)} GB`);
    }
    await admin.operator.query("checkpoint");
    await admin.close();
    await postgres.stop();
    postgres = await startPostgres(folder, { settings });
    const ai = makeAiServices({ config: readConfig({ NODE_ENV: "test" }), encryptionKey: Buffer.alloc(32, 7) });
    const all = made.map((grown) => {
      const db = openDatabase(urlOf(grown.messages));
      return { ...grown, db, ctx: makeCtx({ ...grown.ctx, db }), times: noTimes() };
    });
    // Turn by turn, so that whatever else the machine does meets all of them.
    for (let round = 0; round < rounds + warmUp; round += 1)
      for (const each of all) await goRound(each, ai, round < warmUp ? noTimes() : each.times);
    const [smallest] = all;
    figures = measured.flatMap((name) =>
      all.map(({ messages, times }) => {
        const ms = median(times[name]);
        const ratio = ms / median(smallest?.times[name] ?? []);
        return {
          figure: `${name}, ${messages.toLocaleString("en")} messages`,
          absolute: `${ms.toFixed(2)} ms`,
          ratio: ratio.toFixed(2),
          ...(aimed.has(name) && { aim: { words: "≤ 1.3", met: ratio <= 1.3 } }),
        };
      }),
    );
    await Promise.all(all.map(({ db }) => db.close()));
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return figures;
}
