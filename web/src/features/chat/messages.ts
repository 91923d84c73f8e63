import type { AnswerStarted, AnswerUsage, Failure, Feedback, Message } from "@charlie/contract";
import type { UIMessage } from "ai";

/**
 * What the server knows of a message besides its text. While an answer is still coming there is none of it; the end of
 * its stream tells the state, the rest comes when the conversation is read again.
 */
export type Facts = Pick<Message, "state"> & Partial<Omit<Message, "id" | "role" | "text" | "state">>;

/** A message as the page holds it; the parts are those of our stream (design/product.md, "The HTTP interface"). */
export type ChatMessage = UIMessage<Facts, { started: AnswerStarted; usage: AnswerUsage; failure: Failure }>;

/** Stored messages, as `useChat` wants them. An answer without text has no text part. */
export function toChatMessages(messages: readonly Message[]): ChatMessage[] {
  return messages.map(({ id, role, text, ...facts }) => ({
    id,
    role,
    metadata: facts,
    parts: text === "" ? [] : [{ type: "text", text }],
  }));
}

/** The words of a message, whether stored or still coming. */
export function textOf(message: ChatMessage): string {
  return message.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** An answer that came to its end, well or not; a question always has. */
export function hasEnded(message: ChatMessage): boolean {
  return message.metadata !== undefined && message.metadata.state !== "answering";
}

/** The last question: the only one that can be asked again or edited. `null` until the server has stored it. */
export function lastQuestion(messages: readonly ChatMessage[]): ChatMessage | null {
  return messages.findLast(({ role }) => role === "user") ?? null;
}

/**
 * Gives the question that was just asked the id and the state under which the server keeps it, so that nothing on the
 * page is drawn anew when the conversation is read again.
 */
export function adoptQuestion(messages: readonly ChatMessage[], id: string): ChatMessage[] {
  const last = messages.findLastIndex(({ role }) => role === "user");
  return messages.map((message, index) => (index === last ? { ...message, id } : message));
}

/** The same messages, one of them with another rating. */
export function withFeedback(messages: readonly ChatMessage[], id: string, feedback: Feedback | null): ChatMessage[] {
  return messages.map((message) =>
    message.id === id && message.metadata ? { ...message, metadata: { ...message.metadata, feedback } } : message,
  );
}

/** What a screen reader hears when an answer has ended. */
export function spokenEnd(name: string, { state, text, failure }: Message): string {
  if (state === "failed") return `${name} could not answer. ${failure?.message ?? ""}`.trim();
  return state === "stopped" ? `${name} was stopped after: ${text}` : `${name}: ${text}`;
}
