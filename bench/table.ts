/** One line of what a bench found. */
export interface Figure {
  /** What was measured. */
  figure: string;
  /** As it is on this machine, with its unit. */
  absolute: string;
  /** Beside what it is compared with in the same run. */
  ratio?: string;
  /** What it is to reach, and whether it did. */
  aim?: { words: string; met: boolean };
}

const columns = ["figure", "absolute", "ratio", "aim"] as const;

/** The figures as a table of plain text. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ figure, absolute, ratio = "", aim }) => [
    figure,
    absolute,
    ratio,
    aim ? `${aim.words}: ${aim.met ? "met" : "NOT MET"}` : "",
  ]);
  const widths = columns.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => Array.from(row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return [line(columns), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)]
    .map((each) => each.trimEnd())
    .join("\n");
}

/** A whole number with commas, or one with two digits where it is small. */
export const count = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toFixed(value >= 10 ? 1 : 2);

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
