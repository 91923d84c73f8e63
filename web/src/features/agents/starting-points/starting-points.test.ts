import { answers } from "@charlie/contract";
import { expect, test } from "vitest";
import { accessoryFor } from "../../../charlie/accessory-for.ts";
import { placesToFill } from "../words.ts";
import { startingPoints } from "./index.ts";

test.each(startingPoints.map((point) => [point.id, point] as const))("%s is whole", (_, point) => {
  expect(answers.safeParse(point).success).toBe(true);
  expect(point.questions).toHaveLength(3);
  const places = placesToFill(`${point.who}\n${point.rules}\n${point.tricks}`);
  expect(places.length).toBeGreaterThanOrEqual(2);
  expect(places.length).toBeLessThanOrEqual(4);
  // The dog wears what the card promised once the words are in the form.
  expect(accessoryFor(point.who)).toBe(point.accessory);
});

test("there are eight, each with a name of its own", () => {
  expect(new Set(startingPoints.map(({ id }) => id)).size).toBe(8);
});
