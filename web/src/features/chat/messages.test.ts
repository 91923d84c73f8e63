import type { Message } from "@charlie/contract";
import { expect, test } from "vitest";
import {
  adoptQuestion,
  type ChatMessage,
  hasEnded,
  lastQuestion,
  spokenEnd,
  textOf,
  toChatMessages,
  withFeedback,
} from "./messages.ts";

const stored = (change: Partial<Message>): Message => ({
  id: "a",
  conversationId: "c",
  role: "assistant",
  text: "Nine to five.",
  state: "complete",
  createdAt: "2026-11-22T12:00:00Z",
  failure: null,
  feedback: null,
  trace: null,
  usage: null,
  ...change,
});

const one = (change: Partial<Message>) => toChatMessages([stored(change)])[0]!;

test("stored messages keep their words and what is known of them", () => {
  expect(textOf(one({}))).toBe("Nine to five.");
  expect(one({ state: "stopped" }).metadata?.state).toBe("stopped");
  expect(one({ text: "" }).parts).toEqual([]);
});

test("an answer has ended when the server says so", () => {
  expect(hasEnded(one({ state: "answering" }))).toBe(false);
  expect(hasEnded(one({ state: "failed" }))).toBe(true);
  expect(hasEnded({ id: "x", role: "assistant", parts: [] })).toBe(false);
});

test("the words of a streamed answer are all its text parts", () => {
  const streamed: ChatMessage = {
    id: "x",
    role: "assistant",
    parts: [
      { type: "data-started", data: { messageId: "x", userMessageId: "u", conversationId: "c" } },
      { type: "text", text: "Nine " },
      { type: "text", text: "to five." },
    ],
  };
  expect(textOf(streamed)).toBe("Nine to five.");
});

test("only the last question takes the server's id", () => {
  const messages = toChatMessages([
    stored({ id: "1", role: "user" }),
    stored({ id: "2" }),
    stored({ id: "local", role: "user" }),
    stored({ id: "4" }),
  ]);
  expect(adoptQuestion(messages, "3").map(({ id }) => id)).toEqual(["1", "2", "3", "4"]);
  expect(lastQuestion(messages)?.id).toBe("local");
  expect(lastQuestion([])).toBeNull();
});

test("a screen reader hears how an answer ended", () => {
  expect(spokenEnd("Bello", stored({}))).toBe("Bello: Nine to five.");
  expect(spokenEnd("Bello", stored({ state: "stopped" }))).toBe("Bello was stopped after: Nine to five.");
  const failure = { code: "timed_out", message: "It took too long." };
  expect(spokenEnd("Bello", stored({ state: "failed", text: "", failure }))).toBe(
    "Bello could not answer. It took too long.",
  );
});

test("a rating changes one answer", () => {
  const messages = toChatMessages([stored({ id: "1" }), stored({ id: "2" })]);
  const rated = withFeedback(messages, "2", { rating: "up" });
  expect(rated.map(({ metadata }) => metadata?.feedback)).toEqual([null, { rating: "up" }]);
  expect(rated[0]).toBe(messages[0]);
});
