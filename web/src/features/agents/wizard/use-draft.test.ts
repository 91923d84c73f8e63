import { expect, test } from "vitest";
import { emptyDraft, isEmpty, parseDraft } from "./use-draft.ts";

test("a kept draft comes back whole", () => {
  const draft = { who: "You help.", rules: "Short.", tricks: "Open: 9 to 5.", name: "Bruno", startedFrom: "support" };
  expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
});

test("what is no draft reads as an empty one", () => {
  for (const kept of [null, "", "{", "null", "7", '"text"', "[]", '{"who":7,"startedFrom":{}}']) {
    expect(parseDraft(kept)).toEqual(emptyDraft);
  }
});

test("blanks are nothing to lose, a starting point alone neither", () => {
  expect(isEmpty({ ...emptyDraft, who: " \n", startedFrom: "support" })).toBe(true);
  expect(isEmpty({ ...emptyDraft, name: "B" })).toBe(false);
});
