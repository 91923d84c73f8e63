import * as fc from "fast-check";
import { expect, test } from "vitest";
import { csvOf, harmless } from "./csv.ts";

/** The cells of a CSV text as RFC 4180 has them, or as a program that takes another sign for the border would. */
function read(text: string, border = ","): string[][] {
  const rows: string[][] = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]!;
    const row = rows.at(-1)!;
    if (sign === '"' && quoted && text[at + 1] === '"') {
      row[row.length - 1] += '"';
      at += 1;
    } else if (sign === '"' && (quoted || row.at(-1) === "")) quoted = !quoted;
    else if (quoted) row[row.length - 1] += sign;
    else if (sign === border) row.push("");
    else if (sign === "\n") rows.push([""]);
    else if (sign !== "\r") row[row.length - 1] += sign;
  }
  return rows.slice(0, -1);
}

const nasty = fc.string({
  unit: fc.constantFrom("=", "+", "-", "@", "＝", "\t", '"', "'", ",", ";", "|", "\r", "\n", " ", "a", "1", "é"),
  maxLength: 12,
});

test("a table is read as it was written, but for the apostrophes that keep formulas harmless", () => {
  expect(
    csvOf([
      ["a", 1],
      ['say "hi", Zoë', -2],
    ]),
  ).toBe('\uFEFFa,1\r\n"say ""hi"", Zoë",-2\r\n');
  fc.assert(
    fc.property(fc.array(fc.tuple(nasty, nasty), { minLength: 1, maxLength: 4 }), (rows) => {
      const cells = read(csvOf(rows).slice(1));
      expect(cells).toEqual(rows.map((row) => row.map((text) => harmless(text))));
    }),
    { numRuns: 500 },
  );
});

test("only what could begin a formula is changed", () => {
  for (const text of ["Bruno", "e-mail", "1+1", "Tom, the baker", "a@b.example", "gpt-5-mini", ""])
    expect(harmless(text)).toBe(text);
  expect(harmless("=HYPERLINK(1)")).toBe("'=HYPERLINK(1)");
  expect(harmless("-2+3")).toBe("'-2+3");
  expect(harmless("＝1")).toBe("'＝1");
  expect(harmless('";=cmd')).toBe("\";'=cmd");
});

test("no cell begins a formula, whatever a name is and whichever sign a spreadsheet takes for the border", () => {
  fc.assert(
    fc.property(nasty, nasty, fc.constantFrom(",", ";", "\t", "|"), (name, model, border) => {
      const cells = read(csvOf([["2026-11-22", name, model, 1]]).slice(1), border).flat();
      expect(cells.filter((cell) => /^\s*[=+\-@＝＋－＠]/.test(cell))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});
