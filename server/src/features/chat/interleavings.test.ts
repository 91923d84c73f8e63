import { randomUUIDv7 } from "node:crypto";
import { flowOf } from "@charlie/contract";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { counted, passMidnight, pretendAnswered } from "../../../test/chat.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { makeCtx, type Ctx } from "../../context.ts";
import { AppError } from "../../errors.ts";
import { makeAiServices, type AiServices } from "../ai/index.ts";
import { findDifferences } from "../usage/index.ts";
import { acceptQuestion } from "./accept.ts";
import { finishAnswer, giveBack } from "./endings.ts";
import { makeKnown } from "./load.ts";
import { sweepAnswers } from "./sweep.ts";
import { chatFailures, type Job, type Question } from "./types.ts";

let app: TestApp;
let ai: AiServices;
beforeAll(async () => {
  app = await startTestApp();
  ai = makeAiServices({ config: app.config, encryptionKey: Buffer.alloc(32, 7) });
});
afterAll(() => app.close());

/** What can happen. `pick` chooses among the answers accepted so far. Steps of one group happen at once. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("ask" as const), talk: fc.nat(3), key: fc.option(fc.nat(3)) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("askAgain" as const), pick: fc.nat() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("finish" as const),
      pick: fc.nat(),
      state: fc.constantFrom("complete" as const, "stopped" as const),
      tokens: fc.nat(5_000),
      ownKeyMicros: fc.option(fc.nat(900)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("fail" as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("silence" as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sweep" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("midnight" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("newPeriod" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One workspace with its agent, close to its limit of 100 messages. */
async function makeWorkspace(): Promise<{ ctx: Ctx; agentId: string }> {
  const [workspaceId, projectId, agentId] = [randomUUIDv7(), randomUUIDv7(), randomUUIDv7()];
  await app.db.operator.query("insert into workspaces (id, name) values ($1, 'W')", [workspaceId]);
  await app.db.operator.query("insert into projects (id, workspace_id, name) values ($1, $2, 'P')", [
    projectId,
    workspaceId,
  ]);
  await app.db.operator.query(
    "insert into agents (id, workspace_id, project_id, name, flow) values ($1, $2, $3, 'Charlie', $4)",
    [agentId, workspaceId, projectId, JSON.stringify(flowOf({ who: "", rules: "", tricks: "" }))],
  );
  await pretendAnswered(app, workspaceId, agentId, 96);
  const ctx = makeCtx({ actor: { type: "system", name: "test" }, role: "owner", workspaceId, db: app.db });
  return { ctx, agentId };
}

/** A plan change in the middle of the month: counters of the new period begin. */
const newPeriod = (workspaceId: string, minutesAgo: number) =>
  app.db.operator.query(
    `update workspaces set plan = 'pro', period_start = now() - make_interval(mins => $2), period_end = now() + interval '30 days'
     where id = $1`,
    [workspaceId, minutesAgo],
  );

const expected = new Set([
  "limit_reached",
  "answer_running",
  "idempotency_key_reused",
  "not_last_question",
  "not_found",
]);

/** Runs the steps, group after group, and looks at the promises after each. */
async function live(groups: Step[][]): Promise<void> {
  const { ctx, agentId } = await makeWorkspace();
  const { workspaceId } = ctx;
  const known = makeKnown();
  const jobs: Job[] = [];
  const talks = new Map<number, string>();
  let days = 0;

  const ask = async (question: Question, talk: number): Promise<void> => {
    try {
      const accepted = await acceptQuestion(ctx, question, ai, known);
      if (!accepted.fresh) return;
      jobs.push(accepted.job);
      talks.set(talk, accepted.job.place.conversationId);
    } catch (error) {
      if (!(error instanceof AppError && expected.has(error.code))) throw error;
    }
  };
  const run = async (now: Step): Promise<unknown> => {
    const job = "pick" in now && jobs.length > 0 ? jobs[now.pick % jobs.length] : undefined;
    switch (now.kind) {
      case "ask": {
        const idempotency = now.key === null ? null : { key: `k${now.key}`, hash: `h${now.talk}` };
        const conversationId = now.talk === 0 ? undefined : talks.get(now.talk);
        return ask({ agentId, text: "Hi", conversationId, idempotency }, now.talk);
      }
      case "askAgain": {
        if (!job) return;
        const { conversationId, userMessageId } = job.place;
        return ask({ agentId, text: "Hm?", conversationId, replaces: userMessageId, idempotency: null }, 0);
      }
      case "finish": {
        if (!job) return;
        const { tokens, ownKeyMicros, state } = now;
        const usage = {
          provider: "openai",
          model: "m",
          payer: "own_key",
          tokensIn: tokens,
          tokensOut: 1,
          tokensCached: 0,
          costMicros: 0,
          ownKeyMicros,
          estimated: false,
        } as const;
        return finishAnswer({ db: app.db, ai }, job, { state, text: "Yes.", trace: { version: 1, steps: [] }, usage });
      }
      case "fail":
        return job && giveBack(app.db, { workspaceId, ...job.place }, { failure: chatFailures.internal, text: "" });
      case "silence":
        return (
          job &&
          app.db.operator.query(
            "update running_answers set heartbeat_at = now() - interval '31 seconds' where message_id = $1",
            [job.place.messageId],
          )
        );
      case "sweep":
        return sweepAnswers({ db: app.db, log: app.app.fastify.log });
      case "midnight":
        days += 1;
        return passMidnight(app, workspaceId, days);
      case "newPeriod":
        return newPeriod(workspaceId, days + 1);
    }
  };

  for (const group of groups) {
    await Promise.all(group.map(run));
    // In this workspace alone, so that one that failed does not spoil the search for the shortest failure.
    expect(await ctx.transaction((tx) => findDifferences(tx))).toEqual([]);
    const { rows } = await app.db.operator.query<{ limit: number }>(
      "select case plan when 'free' then 100 else 1000 end as limit from workspaces where id = $1",
      [workspaceId],
    );
    expect(await counted(app, workspaceId)).toBeLessThanOrEqual(rows[0]?.limit ?? 0);
  }
  const { rows } = await app.db.operator.query<{ doubled: number }>(
    "select count(*) as doubled from (select from messages where workspace_id = $1 and reply_to is not null group by reply_to having count(*) > 1) d",
    [workspaceId],
  );
  expect(rows[0]?.doubled).toBe(0);
}

test("whatever happens, in whatever order and at once, counters, answers and ledger agree", async () => {
  // Days pass alone: turning the clock under a running statement is nothing that happens.
  const group = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.array(
        step.filter(({ kind }) => kind !== "midnight"),
        { minLength: 1, maxLength: 10 },
      ),
    },
    { weight: 1, arbitrary: fc.constant<Step[]>([{ kind: "midnight" }]) },
  );
  await fc.assert(fc.asyncProperty(fc.array(group, { minLength: 3, maxLength: 10 }), live), { numRuns: 40 });
}, 120_000);
