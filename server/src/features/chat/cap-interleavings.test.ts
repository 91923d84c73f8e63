import { randomUUIDv7 } from "node:crypto";
import { flowOf, type PlanId } from "@charlie/contract";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { passMidnight } from "../../../test/chat.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import { makeCtx, type Ctx } from "../../context.ts";
import { LimitReached } from "../../errors.ts";
import { makeAiServices, worstCaseMicros, type AiServices } from "../ai/index.ts";
import { longestPrompt } from "../flows/index.ts";
import { spendCapOf } from "../plans/index.ts";
import { findDifferences } from "../usage/index.ts";
import { acceptQuestion } from "./accept.ts";
import { finishAnswer, giveBack } from "./endings.ts";
import { makeKnown } from "./load.ts";
import { sweepAnswers } from "./sweep.ts";
import { chatFailures, type Job } from "./types.ts";

let app: TestApp;
let ai: AiServices;
beforeAll(async () => {
  app = await startTestApp();
  const config = { ...app.config, OPENAI_API_KEY: "sk-operator-1", FREE_AI_ALLOWANCE_USD: 0.05 };
  ai = makeAiServices({ config, encryptionKey: Buffer.alloc(32, 7) });
});
afterAll(() => app.close());

const sql = (text: string, values: unknown[]) => app.db.operator.query(text, values);
const pick = fc.nat();
/** What can happen to answers, any number of it at once. */
const deed = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("ask" as const), length: fc.nat(4_000) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      // One that failed is given back, and what it cost all the same is counted.
      kind: fc.constantFrom("complete" as const, "stopped" as const, "fail" as const),
      pick,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("kill" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sweep" as const) }) },
);
/** What happens to the workspace, alone. Caps are counted in answers of middling length. */
const turn = fc.oneof(
  fc.record({
    kind: fc.constant("plan" as const),
    plan: fc.constantFrom<PlanId>("free", "pro", "team"),
    period: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("cap" as const), cap: fc.option(fc.nat(60_000)) }),
  fc.record({ kind: fc.constant("midnight" as const) }),
);
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

/** An answer as the model knows it. */
interface Answer {
  job: Job;
  period: number;
  needed: number;
  /** It was accepted on a paid plan. */
  paid: boolean;
}

/** What should be there: what was spent by period, and the answers that run. */
class Model {
  readonly spent = new Map<number, number>();
  passedOn = 0;
  readonly running = new Map<string, Answer>();
  readonly all: Answer[] = [];

  held(period: number): number {
    return [...this.running.values()].reduce((sum, each) => sum + (each.period === period ? each.needed : 0), 0);
  }
  taken(period: number): number {
    return (this.spent.get(period) ?? 0) + this.held(period);
  }
}

type Now = Record<"period" | "cap", number> & { paid: boolean };

class Life {
  readonly model = new Model();
  readonly ctx: Ctx;
  readonly agentId: string;
  readonly #known = makeKnown();
  #turns = 0;

  constructor(ctx: Ctx, agentId: string) {
    this.ctx = ctx;
    this.agentId = agentId;
  }

  /** The billing period that runs, the cap in it, and whether the plan is a paid one. */
  async now(): Promise<Now> {
    const { rows } = await sql(
      `select w.plan, w.spend_cap_micros as "spendCapMicros", p.period_start as start
       from workspaces w, billing_period(w.id, now()) p where w.id = $1`,
      [this.ctx.workspaceId],
    );
    const [row] = rows;
    return { period: (row.start as Date).getTime(), cap: spendCapOf(row, ai).cap, paid: row.plan !== "free" };
  }

  async ask(length: number, { period, paid }: Now): Promise<"accepted" | { needed: number }> {
    const question = { agentId: this.agentId, text: `?${"x".repeat(length)}`, idempotency: null };
    try {
      const accepted = await acceptQuestion(this.ctx, question, ai, this.#known);
      if (!accepted.fresh) throw new Error("nothing was asked twice");
      const { job } = accepted;
      const { prompt, brains } = longestPrompt(job.flow, job.input);
      const answer = { job, period, paid, needed: worstCaseMicros(job.brain, prompt, brains) };
      this.model.running.set(job.place.messageId, answer);
      this.model.all.push(answer);
      return "accepted";
    } catch (error) {
      if (!(error instanceof LimitReached) || error.decision.limit !== "aiSpend") throw error;
      return { needed: error.decision.spend?.neededMicros ?? 0 };
    }
  }

  async end(answer: Answer, deed_: Exclude<Deed, { kind: "ask" | "sweep" }>): Promise<void> {
    const { job, needed, period, paid } = answer;
    const { workspaceId, place } = job;
    if (deed_.kind === "kill") {
      const silent = "update running_answers set heartbeat_at = now() - interval '31 seconds' where message_id = $1";
      await sql(silent, [place.messageId]);
      return;
    }
    const costMicros = Math.floor(needed * deed_.share);
    const numbers = { tokensIn: 3, tokensOut: 4, tokensCached: 0, ownKeyMicros: null, estimated: false, costMicros };
    const usage = { provider: "openai", model: "m", payer: "operator", ...numbers } as const;
    if (deed_.kind === "fail") {
      const costs = { agentId: this.agentId, usage, ai };
      const given = await giveBack(app.db, { workspaceId, ...place }, { failure: chatFailures.internal, costs });
      if (!given) return;
      // A sweep at the same moment may have seen it already.
      this.model.running.delete(place.messageId);
    } else {
      const trace = { version: 1 as const, steps: [] };
      const ended = await finishAnswer({ db: app.db, ai }, job, { state: deed_.kind, text: "Yes.", trace, usage });
      if (!ended) return;
      expect(this.model.running.delete(place.messageId)).toBe(true);
      if (paid) this.model.passedOn += costMicros;
    }
    this.model.spent.set(period, (this.model.spent.get(period) ?? 0) + costMicros);
  }

  async sweep(): Promise<void> {
    await sweepAnswers({ db: app.db, log: app.app.fastify.log });
    const { rows } = await sql("select id from messages where workspace_id = $1 and state = 'failed'", [
      this.ctx.workspaceId,
    ]);
    for (const { id } of rows) this.model.running.delete(id);
  }

  async run(now: Deed, at: Now): Promise<unknown> {
    if (now.kind === "ask") return this.ask(now.length, at);
    if (now.kind === "sweep") return this.sweep();
    const answer = this.model.all[now.pick % Math.max(1, this.model.all.length)];
    return answer && this.end(answer, now);
  }

  async turn(now: Turn): Promise<void> {
    const { workspaceId } = this.ctx;
    this.#turns += 1;
    if (now.kind === "cap") {
      await sql("update workspaces set spend_cap_micros = $2 where id = $1", [workspaceId, now.cap]);
    } else if (now.kind === "plan") {
      await sql(
        `update workspaces set plan = $2, period_start = case when $3 then now() - make_interval(mins => $4) end,
           period_end = case when $3 then now() + interval '30 days' end where id = $1`,
        [workspaceId, now.plan, now.plan !== "free" && now.period, this.#turns],
      );
    } else {
      await passMidnight(app, workspaceId, this.#turns);
    }
  }

  /** The counters are what the model says, and the promises of money.md hold. */
  async look(): Promise<void> {
    expect(await this.ctx.transaction((tx) => findDifferences(tx))).toEqual([]);
    const { rows } = await sql(
      "select period_start, value, reserved from usage_metrics where workspace_id = $1 and metric_type = 'ai_cost_micros'",
      [this.ctx.workspaceId],
    );
    const found = rows.map(({ period_start, value, reserved }) => [(period_start as Date).getTime(), value, reserved]);
    const periods = new Set(this.model.all.map(({ period }) => period));
    const expected = [...periods].map((period) => [period, this.model.spent.get(period) ?? 0, this.model.held(period)]);
    const inOrder = (list: unknown[][]) => list.toSorted(([a], [b]) => Number(a) - Number(b));
    expect(inOrder(found)).toEqual(inOrder(expected));
    const daily = await sql(
      "select coalesce(sum(passed_on_micros), 0)::bigint as micros from usage_daily where workspace_id = $1",
      [this.ctx.workspaceId],
    );
    expect(daily.rows).toEqual([{ micros: this.model.passedOn }]);
  }
}

async function begin(): Promise<Life> {
  const [workspaceId, projectId, agentId] = [randomUUIDv7(), randomUUIDv7(), randomUUIDv7()];
  await sql("insert into workspaces (id, name, plan, spend_cap_micros) values ($1, 'W', 'pro', 25000)", [workspaceId]);
  await sql("insert into projects (id, workspace_id, name) values ($1, $2, 'P')", [projectId, workspaceId]);
  const brain = { provider: "openai", model: "gpt-5-mini", temperature: null, maxOutputTokens: 2_000 } as const;
  const flow = JSON.stringify(flowOf({ who: "", rules: "", tricks: "" }, brain));
  await sql("insert into agents (id, workspace_id, project_id, name, flow) values ($1, $2, $3, 'Charlie', $4)", [
    agentId,
    workspaceId,
    projectId,
    flow,
  ]);
  const ctx = makeCtx({ actor: { type: "system", name: "test" }, role: "owner", workspaceId, db: app.db });
  return new Life(ctx, agentId);
}

async function live(groups: (Deed[] | Turn)[]): Promise<void> {
  const life = await begin();
  const { model } = life;
  for (const group of groups) {
    if (!Array.isArray(group)) await life.turn(group);
    else {
      const now = await life.now();
      const { period, cap } = now;
      const before = model.taken(period);
      const results = await Promise.all(group.map((one) => life.run(one, now)));
      // A cap that was lowered is passed already; nothing more is accepted then.
      if (results.includes("accepted")) expect(model.taken(period)).toBeLessThanOrEqual(cap);
      const [only] = results;
      if (group.length === 1 && group[0]?.kind === "ask") {
        // Nothing is refused that had room.
        if (only !== "accepted") expect(before + (only as { needed: number }).needed).toBeGreaterThan(cap);
      }
    }
    await life.look();
  }
}

test("whatever happens, in whatever order and at once, spent and held are what the model says and within the cap", async () => {
  const group = fc.oneof(
    { weight: 4, arbitrary: fc.array(deed, { minLength: 1, maxLength: 12 }) },
    { weight: 2, arbitrary: fc.tuple(deed) },
    { weight: 2, arbitrary: turn },
  );
  await fc.assert(fc.asyncProperty(fc.array(group, { minLength: 4, maxLength: 14 }), live), { numRuns: 30 });
}, 120_000);
