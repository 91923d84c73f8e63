import type { AnswerStarted, AnswerUsage, Failure, Flow, MessageState } from "@charlie/contract";
import type { Database } from "../../db/client.ts";
import type { Log } from "../../log.ts";
import type { AnswerEnd } from "../../telemetry.ts";
import type { AiServices, ReadyBrain } from "../ai/index.ts";
import type { FlowInput } from "../flows/index.ts";

/** What the chat needs from outside. */
export interface ChatServices {
  db: Database;
  ai: AiServices;
  log: Log;
  /** Hears of each answer that this server ended. */
  tell?: ((end: AnswerEnd) => void) | undefined;
}

/** What somebody asks. */
export interface Question {
  agentId: string;
  text: string;
  conversationId?: string | undefined;
  replaces?: string | undefined;
  /** The `Idempotency-Key`, and a hash that tells the same request from another one with the same key. */
  idempotency: { key: string; hash: string } | null;
}

/** Everything that answering takes, once a question is accepted and counted. */
export interface Job {
  place: AnswerStarted;
  workspaceId: string;
  agentId: string;
  flow: Flow;
  input: FlowInput;
  brain: ReadyBrain;
}

/** How an answer ended. `usage` is null where it was given back. */
export interface Ending {
  state: Exclude<MessageState, "answering">;
  text: string;
  failure: Failure | null;
  usage: AnswerUsage | null;
}

/**
 * Failures that arise here and not at a provider. `stopped`: the reader stopped before any text came, so there is
 * nothing to keep and nothing is counted. `interrupted`: the server went away or shut down. `internal`: our fault.
 */
export const chatFailures = {
  stopped: { code: "stopped", message: "You stopped Charlie before he said anything, so this one does not count." },
  interrupted: {
    code: "interrupted",
    message: "Charlie was interrupted in the middle of this answer. It does not count; please ask again.",
  },
  internal: {
    code: "internal",
    message: "Something broke on our side while Charlie was answering. It does not count; please ask again.",
  },
} as const satisfies Record<string, Failure>;
