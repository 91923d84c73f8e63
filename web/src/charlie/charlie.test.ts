import { expect, test } from "vitest";
import * as fc from "fast-check";
import { accessories, accessoryFor } from "./accessory-for.ts";
import { coatNames, coatOf } from "./coats.ts";

test("an id keeps its coat, and many ids share the coats out evenly", () => {
  expect(coatOf("0199aa00-0000-7000-8000-000000000001")).toBe(coatOf("0199aa00-0000-7000-8000-000000000001"));
  const counts = new Map<string, number>();
  for (let index = 0; index < 2000; index += 1) {
    const coat = coatOf(`0199aa00-1111-7000-8000-${String(index).padStart(12, "0")}`);
    counts.set(coat, (counts.get(coat) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual([...coatNames].toSorted());
  for (const count of counts.values()) expect(count).toBeGreaterThan(120);
});

test.each([
  ["You answer customers of our online shop who want to return things", "headset"],
  ["A cook who knows every recipe of our restaurant", "chefHat"],
  ["You help patients of a dentist find their way", "stethoscope"],
  ["Reads contracts and explains our privacy policy", "glasses"],
  ["Finds new leads and writes an offer for our sales people", "briefcase"],
  ["Writes newsletters and blog articles", "pencil"],
  ["Teaches maths to school students before an exam", "mortarboard"],
  ["Looks after our Instagram campaign", "megaphone"],
  ["Does research and compares sources", "magnifier"],
  ["Turns numbers from a spreadsheet into a table for bookkeeping", "calculator"],
  ["Writes the minutes of our meeting and plans the next appointment", "calendar"],
  ["Repairs bikes in a small workshop", "wrench"],
  ["Du bist der Koch und kennst jedes Rezept", "chefHat"],
  ["Er beantwortet Fragen zu Steuern und Rechnungen", "calculator"],
  ["Er hilft in der Bücherei: Bücher finden, Romane empfehlen", "book"],
])("%s → %s", (job, accessory) => {
  expect(accessoryFor(job)).toBe(accessory);
});

test("short words count only whole: an article fetches no beret, a career no wrench", () => {
  expect(accessoryFor("barely a career, hardly an artifact")).toBe("none");
});

test("any text has an accessory, and its case does not matter", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(accessories).toContain(accessoryFor(text));
    }),
  );
  expect(accessoryFor("BAKERY")).toBe(accessoryFor("bakery"));
  expect(accessoryFor("")).toBe("none");
});
