import { z } from "zod";
import { endpoint, id, idParams, notStorable, pageOf, pageQuery, prose, storable, time } from "../endpoint.ts";
import { answerUsage, trace } from "../trace.ts";

/** `answering` until it ends in one of the others; `failed` was given back and counts as no message. */
export const messageState = z.enum(["complete", "answering", "stopped", "failed"]);
export type MessageState = z.infer<typeof messageState>;

export const feedback = z
  .object({ rating: z.enum(["up", "down"]), reason: prose(500).optional() })
  .meta({ id: "Feedback" });
export type Feedback = z.infer<typeof feedback>;

/** Why an answer failed: a stable code and a plain sentence that says what to do. */
export const failure = z.object({ code: z.string(), message: z.string() }).meta({ id: "Failure" });
export type Failure = z.infer<typeof failure>;

export const message = z
  .object({
    id,
    conversationId: id,
    role: z.enum(["user", "assistant"]),
    text: z.string(),
    state: messageState,
    createdAt: time,
    failure: failure.nullable(),
    feedback: feedback.nullable(),
    trace: trace.nullable(),
    usage: answerUsage.omit({ messagesLeftToday: true }).nullable(),
  })
  .meta({ id: "Message" });
export type Message = z.infer<typeof message>;

export const conversationSummary = z
  .object({ id, agentId: id, title: z.string(), createdAt: time, updatedAt: time })
  .meta({ id: "ConversationSummary" });
export type ConversationSummary = z.infer<typeof conversationSummary>;

/** A finished answer in one piece, for `Accept: application/json`. One that failed is a problem document instead. */
export const answer = z
  .object({
    messageId: id,
    userMessageId: id,
    conversationId: id,
    state: messageState.extract(["complete", "stopped"]),
    text: z.string(),
    usage: answerUsage,
  })
  .meta({ id: "Answer" });
export type Answer = z.infer<typeof answer>;

/** The `data-started` part at the start of a stream: where the answer is kept. */
export const answerStarted = z
  .object({ messageId: id, userMessageId: id, conversationId: id })
  .meta({ id: "AnswerStarted" });
export type AnswerStarted = z.infer<typeof answerStarted>;

/** The longest question, in characters. */
export const longestQuestion = 8_000;

const chat = { access: "member", tag: "Chat" } as const;

export const sendMessage = endpoint({
  ...chat,
  method: "POST",
  path: "/api/v1/agents/:id/messages",
  summary:
    "Ask an agent. Streams the answer in the AI SDK UI message stream protocol; with `Accept: application/json` the whole answer at once, and where it failed (and was given back) a problem with the failure's code: 502, 504 after a time-out, 503 when interrupted, 409 when stopped before any text. 402 at the day's limit; 409 `answer_running` while an answer runs in the conversation",
  params: idParams,
  body: z.object({
    text: z
      .string()
      .trim()
      .min(1, "Write a question first.")
      .max(longestQuestion, `Please keep a question under ${longestQuestion.toLocaleString("en")} characters.`)
      .refine(storable, notStorable),
    conversationId: id.optional(),
    /** The last question of the conversation, when it is asked again or edited: it and its answer are replaced. */
    replaces: id.optional(),
  }),
  response: answer,
  streams: true,
});

export const joinStream = endpoint({
  ...chat,
  method: "GET",
  path: "/api/v1/messages/:id/stream",
  summary: "Join an answer that is still running, from its start; 204 when it is over",
  params: idParams,
  response: z.null(),
  streams: true,
});

export const stopMessage = endpoint({
  ...chat,
  method: "POST",
  path: "/api/v1/messages/:id/stop",
  summary:
    "Stop a running answer, whichever server runs it; what came is kept. Before any text came it is `failed` with the code `stopped`, and given back",
  params: idParams,
  response: message,
});

export const rateMessage = endpoint({
  ...chat,
  method: "PUT",
  path: "/api/v1/messages/:id/feedback",
  summary: "Thumbs up or down for an answer, with a reason if you like",
  params: idParams,
  body: feedback,
  response: message,
});

export const listConversations = endpoint({
  ...chat,
  method: "GET",
  path: "/api/v1/agents/:id/conversations",
  summary: "An agent's conversations, those asked in last first",
  params: idParams,
  query: pageQuery,
  response: pageOf(conversationSummary),
});

export const getConversation = endpoint({
  ...chat,
  method: "GET",
  path: "/api/v1/conversations/:id",
  summary: "A conversation with its newest 1,000 messages, oldest first; what was replaced is left out",
  params: idParams,
  response: conversationSummary.extend({ messages: z.array(message) }).meta({ id: "Conversation" }),
});
export type Conversation = z.infer<typeof getConversation.response>;

export const deleteConversation = endpoint({
  ...chat,
  method: "DELETE",
  path: "/api/v1/conversations/:id",
  summary: "Delete a conversation; what it used stays counted",
  params: idParams,
  status: 204,
  response: z.null(),
});
