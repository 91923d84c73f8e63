import { beforeEach, expect, test, vi } from "vitest";
import { chosenBefore, readChosen, rememberChosen } from "./chosen.ts";

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});

test("an address carries a plan and how it is paid, and nothing else", () => {
  expect(readChosen({ plan: "pro", interval: "year", more: 1 })).toEqual({ plan: "pro", interval: "year" });
  expect(readChosen({ plan: "team", interval: "decade" })).toEqual({ plan: "team" });
  expect(readChosen({ plan: "free", interval: "year" })).toEqual({});
});

test("a choice is kept while the letter works, and forgotten by the next sign-up without one", () => {
  rememberChosen({ plan: "team", interval: "year" });
  expect(chosenBefore()).toEqual({ plan: "team", interval: "year" });
  vi.useFakeTimers({ now: Date.now() + 25 * 3_600_000 });
  expect(chosenBefore()).toEqual({});
  vi.useRealTimers();
  expect(chosenBefore()).toEqual({ plan: "team", interval: "year" });
  rememberChosen({});
  expect(chosenBefore()).toEqual({});
});

test("what is not ours under the key is no choice", () => {
  kept.set("charlie.chosen", "{");
  expect(chosenBefore()).toEqual({});
});
