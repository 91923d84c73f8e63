/** What spreadsheets take for the beginning of a formula, the wide forms of East Asian keyboards too. */
const formula = "[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]";
/**
 * A formula's beginning at the start of a text, or after anything that some spreadsheet in some country takes for the
 * border of a cell; quotes and blanks before it don't help.
 */
const beginsFormula = new RegExp(`(^|[,;|\\t\\r\\n])(["'\\s]*)(?=${formula})`, "g");

/**
 * Text as a cell that no spreadsheet takes for a formula: an apostrophe stands before what could begin one. Somebody who
 * names an agent must not run anything on the machine of who opens the table
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export const harmless = (text: string): string => text.replaceAll(beginsFormula, "$1$2'");

const cellOf = (value: string | number): string => {
  const text = typeof value === "number" ? String(value) : harmless(value);
  return /[",;|\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A table as CSV (RFC 4180), with a byte order mark, without which Excel reads no UTF-8. */
export const csvOf = (rows: readonly (readonly (string | number)[])[]): string =>
  `\uFEFF${rows.map((row) => `${row.map(cellOf).join(",")}\r\n`).join("")}`;
