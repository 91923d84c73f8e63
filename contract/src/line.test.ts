import { expect, test } from "vitest";
import { line } from "./endpoint.ts";

const name = line(80);

test.each([
  "\u200b",
  "\u202e",
  "\u3164",
  "\u115f\u1160",
  "\uffa0",
  "\u2800",
  "\u00ad",
  "\ufe0f",
  "\u{e0041}",
  " \u2060 \u200d ",
])("%j shows nothing, so it is no name", (text) => {
  expect(name.safeParse(text).success).toBe(false);
});

test.each([
  "Ada",
  "名前",
  "한국",
  "שלום",
  "مرحبا",
  "नमस्ते",
  "ไทย",
  "7",
  "?",
  "€",
  "🥐",
  "👩‍🍳",
  "👍🏽",
  "❤️",
  "🇩🇪",
  "1️⃣",
  "a\u200bb",
])("%j is a name", (text) => {
  expect(name.parse(text)).toBe(text);
});
