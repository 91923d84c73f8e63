import { expect, test } from "vitest";
import { aiUsageWords } from "./ai-usage-words.ts";

test("AI of this period, in one plain line; nothing where none was used", () => {
  expect(aiUsageWords({ nextInvoiceMicros: 1_230_000, nextInvoiceAt: "2026-12-22T12:00:00.000Z" })).toBe(
    "AI this period: $1.23, passed on at cost, on your next invoice (December 22, 2026).",
  );
  expect(aiUsageWords({ nextInvoiceMicros: 420, nextInvoiceAt: null })).toBe(
    "AI this period: $0.00042, passed on at cost, on your next invoice.",
  );
  expect(aiUsageWords({ nextInvoiceMicros: 0, nextInvoiceAt: "2026-12-22T12:00:00.000Z" })).toBeNull();
});
