import { setTimeout as sleep } from "node:timers/promises";
import type { AnswerStarted } from "@charlie/contract";
import type { Ctx } from "../../context.ts";
import { unavailable } from "../../errors.ts";
import { acceptQuestion, type Accepted } from "./accept.ts";
import { DistantAnswers } from "./distant-answers.ts";
import { readEnding } from "./endings.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { makeKnown } from "./load.ts";
import { runAnswer } from "./run-answer.ts";
import { RunningAnswer } from "./running-answer.ts";
import { startStopListener } from "./stop-listener.ts";
import { sweepAnswers } from "./sweep.ts";
import type { ChatServices, Ending, Question } from "./types.ts";

/** The chat of one server: the answers that run here, and the way to those that run elsewhere. */
export interface Chat {
  /** Accepts a question and starts its answer, which goes on whether or not anybody reads it. Throws as acceptQuestion. */
  ask(ctx: Ctx, question: Question): Promise<AnswerStarted>;
  /**
   * Reads an answer of the context's workspace from its start to its end, wherever it runs, or what is stored of it.
   * Null where the reader left (`signal`) or this server shuts down.
   */
  follow(ctx: Ctx, messageId: string, onText: (delta: string) => void, signal?: AbortSignal): Promise<Ending | null>;
  /** Stops the answer if it runs here. */
  stopHere(messageId: string): void;
  /** From the start of `drain` on: new questions are refused with 503. */
  readonly draining: boolean;
  /** Takes no new questions, lets running answers end for at most `ms`, gives the rest back, and lets readers go. */
  drain(ms: number): Promise<void>;
}

/** Starts the chat of this server; `drain` ends it. */
export function startChat(services: ChatServices): Chat {
  const { ai, log } = services;
  const running = new Map<string, RunningAnswer>();
  const known = makeKnown();
  /** Questions that are being accepted, and answers that run. */
  const busy = new Set<Promise<unknown>>();
  let draining = false;

  const stopHere = (messageId: string): void => running.get(messageId)?.breakOff("reader");
  const sweep = (messageId?: string): Promise<void> =>
    sweepAnswers(services, messageId).then(
      () => undefined,
      (error: unknown) => log.warn({ err: error }, "could not look for interrupted answers"),
    );
  const distant = new DistantAnswers(services, sweep);
  const heartbeat = startHeartbeat(services, running);
  const stops = startStopListener(services, stopHere);
  // What an earlier process of this server left behind need not wait for the timetable.
  void track(sweep());

  function track<T>(work: Promise<T>): Promise<T> {
    const done = Promise.allSettled([work]);
    busy.add(done);
    void done.finally(() => busy.delete(done));
    return work;
  }

  async function accept(ctx: Ctx, question: Question): Promise<AnswerStarted> {
    const accepted: Accepted = await acceptQuestion(ctx, question, ai, known);
    if (!accepted.fresh) return accepted.place;
    const { job } = accepted;
    const answer = new RunningAnswer({ workspaceId: job.workspaceId, messageId: job.place.messageId });
    running.set(answer.messageId, answer);
    void track(runAnswer(services, job, answer).finally(() => running.delete(answer.messageId)));
    return job.place;
  }

  /** Waits until nothing is busy, at most `ms`. */
  async function quiet(ms: number): Promise<void> {
    const deadline = sleep(ms, "late" as const, { ref: false });
    while (busy.size > 0) {
      if ((await Promise.race([Promise.all(busy), deadline])) === "late") return;
    }
  }

  async function drain(ms: number): Promise<void> {
    draining = true;
    await quiet(ms);
    for (const answer of running.values()) answer.breakOff("shutdown");
    // Time to store the ends; what cannot be stored is given back by another server's sweeper.
    await quiet(5_000);
    distant.close();
    heartbeat.stop();
    await stops.stop();
  }

  return {
    ask: async (ctx, question) => {
      if (draining) {
        throw unavailable("restarting", "This server is about to restart. Please try again in a few seconds.");
      }
      return track(accept(ctx, question));
    },
    follow: async (ctx, messageId, onText, signal) => {
      const here = running.get(messageId);
      if (here && here.workspaceId === ctx.workspaceId) {
        const leave = here.listen(onText);
        signal?.addEventListener("abort", leave, { once: true });
        return here.ended.finally(() => signal?.removeEventListener("abort", leave));
      }
      const read = () => ctx.transaction((tx) => readEnding(tx, ctx.workspaceId, messageId));
      const stored = await read();
      if (stored) {
        if (stored.text !== "") onText(stored.text);
        return stored;
      }
      return (await distant.follow(messageId, onText, signal)) ? read() : null;
    },
    stopHere,
    get draining() {
      return draining;
    },
    drain,
  };
}
