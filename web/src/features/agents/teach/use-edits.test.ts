import { defaultBrain } from "@charlie/contract";
import { expect, test } from "vitest";
import { changesOf } from "./use-edits.ts";

const saved = { name: "Bruno", projectId: "p", who: "You help.", rules: "", tricks: "", brain: defaultBrain };

test("only what differs from what is saved is sent", () => {
  expect(changesOf(saved, {})).toEqual({});
  expect(changesOf(saved, { name: "Bruno", brain: { ...defaultBrain } })).toEqual({});
  expect(changesOf(saved, { who: "", name: "Bruno", brain: { ...defaultBrain, temperature: 0 } })).toEqual({
    who: "",
    brain: { ...defaultBrain, temperature: 0 },
  });
});
