import { expect, test } from "vitest";
import { CallError } from "../../api/problem.ts";
import { refusalWords } from "./chat-words.ts";
import { leftWhenFew } from "./use-messages-left.ts";

const refused = (code: string) =>
  new CallError({ type: "about:blank", title: "No", status: 409, code, detail: "Because." });
const words = (error: unknown, taken = false) => refusalWords({ error, taken }, "Bello");

test("an answer in another tab is nothing to be afraid of", () => {
  expect(words(refused("answer_running"))).toMatchObject({ title: "Bello is still answering", harmless: true });
});

test("a missing key leads to the page of the keys", () => {
  expect(words(refused("key_missing"))).toMatchObject({ title: "No", detail: "Because.", help: "ai-keys" });
  expect(words(refused("not_last_question")).help).toBeNull();
});

test("a broken connection says whether the question was taken", () => {
  expect(words(new TypeError("Failed to fetch")).detail).toContain("will not count twice");
  expect(words(new TypeError("Failed to fetch"), true).detail).toContain("has your question");
});

test("messages left are told only when few are left", () => {
  const left = (used: number, limit: number | null) => leftWhenFew({ messagesPerDay: { used, limit, resetsAt: null } });
  expect([left(0, 100), left(80, 100), left(81, 100), left(100, 100), left(5, null)]).toEqual([
    null,
    null,
    19,
    0,
    null,
  ]);
});
