import { expect, test } from "vitest";
import { begun, chatAt, openAt } from "./open-chat.ts";

test("a chat that gets its id while it runs stays on the page", () => {
  const fresh = openAt(undefined);
  const started = begun(fresh, "a");
  // The page is drawn once more before the address changes.
  expect(chatAt(started, undefined).key).toBe(fresh.key);
  const followed = chatAt(started, "a");
  expect(followed.key).toBe(fresh.key);
  expect(followed.following).toBe(false);
});

test("leaving it for a new chat takes another place", () => {
  const followed = chatAt(begun(openAt(undefined), "a"), "a");
  expect(chatAt(followed, undefined)).toEqual(openAt(undefined, followed.key + 1));
  expect(chatAt(followed, "b")).toEqual(openAt("b", followed.key + 1));
});

test("the same address is the same chat", () => {
  const open = openAt("a");
  expect(chatAt(open, "a")).toBe(open);
  expect(chatAt(open, "b").storedId).toBe("b");
});
