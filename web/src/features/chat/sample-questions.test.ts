import { expect, test } from "vitest";
import { sampleQuestions } from "./sample-questions.ts";

const first = (tricks: string) => sampleQuestions({ tricks })[0];

test("questions come from what the tricks say", () => {
  expect(first("Q: Do you deliver on Sundays?\nA: No.")).toBe("Do you deliver on Sundays?");
  expect(first("- Opening hours: Monday to Friday, 9 to 18.")).toBe("What should I know about opening hours?");
  expect(first("Monday: closed")).toBe("What should I know about Monday?");
  expect(first("VAT: 20 %")).toBe("What should I know about VAT?");
  expect(first("* **Write a friendly reply** to a complaint.")).toBe("Can you write a friendly reply to a complaint?");
});

test("a line that shows no question gives a general one", () => {
  expect(first("")).toBe("What can you help me with?");
  expect(first("We are closed in August.")).toBe("What can you help me with?");
  expect(first("https://example.org/menu")).toBe("What can you help me with?");
  expect(first(`Explain ${"very ".repeat(40)}long things.`)).toBe("What can you help me with?");
});

test("always three, each once, at most two of the tricks", () => {
  const questions = sampleQuestions({ tricks: "Prices: 5\nPrices: 6\nReturns: 30 days\nColours: red" });
  expect(questions).toEqual([
    "What should I know about prices?",
    "What should I know about returns?",
    "What can you help me with?",
  ]);
});
