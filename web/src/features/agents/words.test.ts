import { expect, test } from "vitest";
import { firstLine, placesToFill } from "./words.ts";

test("the first line that says something, cut between words", () => {
  expect(firstLine("\n  You help.  \nMore")).toBe("You help.");
  expect(firstLine("")).toBe("");
  expect(firstLine("one two three four", 10)).toBe("one two…");
  expect(firstLine("x".repeat(30), 10)).toBe("xxxxxxxxxx…");
});

test("places to fill in are found once each, in order", () => {
  expect(placesToFill("You are at [name of shop]. Call [phone]. [name of shop] is open.")).toEqual([
    "[name of shop]",
    "[phone]",
  ]);
  expect(placesToFill("Nothing [] here [\n]")).toEqual([]);
});
