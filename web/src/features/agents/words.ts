/** The first line of a text that says something, cut at a word where it is long. */
export function firstLine(text: string, longest = 120): string {
  const line =
    text
      .split("\n")
      .find((candidate) => candidate.trim() !== "")
      ?.trim() ?? "";
  if (line.length <= longest) return line;
  const cut = line.slice(0, longest);
  const space = cut.lastIndexOf(" ");
  return `${space > longest / 2 ? cut.slice(0, space) : cut}…`;
}

/** The places in a text that its writer still has to fill in: `[name of your shop]`, each once, in order. */
export function placesToFill(text: string): string[] {
  return [...new Set(text.match(/\[[^\][\n]{2,60}\]/g))];
}
