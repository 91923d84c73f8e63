import { setTimeout as sleep } from "node:timers/promises";
import type { Failure, Trace } from "@charlie/contract";
import { mayPass } from "../../db/away.ts";
import { withWorkspace } from "../../db/client.ts";
import { runFlow, type FlowOutcome } from "../flows/index.ts";
import { finishAnswer, giveBack, readEnding } from "./endings.ts";
import type { RunningAnswer } from "./running-answer.ts";
import { chatFailures, type ChatServices, type Ending, type Job } from "./types.ts";

/** Pauses between tries to store an ending while the database is away: some 30 s together, in ms. */
const pauses = [100, 300, 1_000, 3_000, 5_000, 10_000, 10_000];

/**
 * Does `work` until it succeeds; its statements change nothing the second time. Throws after the last try, and at once
 * what would fail the same way again.
 */
async function insist<T>(work: () => Promise<T>, { log }: ChatServices, messageId: string): Promise<T> {
  for (const pause of pauses) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error)) throw error;
      log.warn({ err: error, messageId }, "the end of an answer could not be stored; trying again");
      await sleep(pause);
    }
  }
  return work();
}

/** What the end of a flow means for the answer: kept and counted, or given back. */
type Verdict =
  | { keep: "complete" | "stopped"; trace: Trace; usage: FlowOutcome["usage"] }
  | { keep: null; failure: Failure; trace: Trace | null; usage: FlowOutcome["usage"] | null };

function verdictOf(answer: RunningAnswer, outcome: FlowOutcome | null): Verdict {
  if (outcome === null) return { keep: null, failure: chatFailures.internal, trace: null, usage: null };
  const { ended, trace, usage, failure } = outcome;
  if (ended === "complete") return { keep: "complete", trace, usage };
  if (ended === "failed") return { keep: null, failure: failure ?? chatFailures.internal, trace, usage };
  if (answer.brokenOffBy !== "reader") return { keep: null, failure: chatFailures.interrupted, trace, usage };
  if (answer.text.trim() === "") return { keep: null, failure: chatFailures.stopped, trace, usage };
  return { keep: "stopped", trace, usage };
}

/** What will be stored, sooner or later, where nothing could be stored now: the sweeper sees to it. */
const toBeGivenBack = ({ text }: RunningAnswer): Ending => ({
  state: "failed",
  text,
  failure: chatFailures.interrupted,
  usage: null,
});

/** Stores how the answer ended, once; where somebody else was first, reads what they stored. */
async function store(services: ChatServices, job: Job, answer: RunningAnswer, verdict: Verdict): Promise<Ending> {
  const { db, ai } = services;
  const { workspaceId, messageId, text } = answer;
  const giveItBack = ({ failure, trace, usage }: Extract<Verdict, { keep: null }>) => {
    const costs = usage && { agentId: job.agentId, usage, ai };
    return giveBack(db, { workspaceId, messageId }, { failure, trace, text, costs });
  };
  const ours = await insist(
    () =>
      verdict.keep === null
        ? giveItBack(verdict)
        : finishAnswer(services, job, { state: verdict.keep, text, trace: verdict.trace, usage: verdict.usage }),
    services,
    messageId,
  );
  if (ours) {
    const { payer = "nobody", provider = "none", costMicros = 0 } = verdict.usage ?? {};
    services.tell?.({ outcome: verdict.keep ?? "given_back", payer, provider, costMicros });
    return ours;
  }
  const theirs = await withWorkspace(db, workspaceId, (tx) => readEnding(tx, workspaceId, messageId));
  return theirs ?? toBeGivenBack(answer);
}

/**
 * Answers an accepted question: runs the agent's flow, stores how it ended, tells everybody who waits. Never throws;
 * where even the end cannot be stored, the sweeper gives the message back later.
 */
export async function runAnswer(services: ChatServices, job: Job, answer: RunningAnswer): Promise<void> {
  const { log } = services;
  const { messageId } = answer;
  let outcome: FlowOutcome | null = null;
  try {
    const options = { brain: job.brain, signal: answer.signal, onText: (delta: string) => answer.add(delta) };
    outcome = await runFlow(job.flow, job.input, options);
  } catch (error) {
    log.error({ err: error, messageId, workspaceId: job.workspaceId }, "an answer broke");
  }
  const notStored = (error: unknown) =>
    log.error({ err: error, messageId, workspaceId: job.workspaceId }, "the end of an answer was not stored");
  try {
    const kept = store(services, job, answer, verdictOf(answer, outcome)).catch((error: unknown) => {
      if (mayPass(error)) throw error;
      notStored(error);
      // What cannot be kept is given back right away, rather than by the sweeper.
      return store(services, job, answer, {
        keep: null,
        failure: chatFailures.internal,
        trace: null,
        usage: outcome?.usage ?? null,
      });
    });
    answer.settle(await kept);
  } catch (error) {
    notStored(error);
    answer.settle(toBeGivenBack(answer));
  }
}
