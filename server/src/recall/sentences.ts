/** After these a full stop does not end a sentence. English and German. */
const abbreviations = new Set(
  `mr mrs ms dr prof st no nr tel approx incl excl max min etc vs ca bzw ggf inkl zzgl usw evtl str e.g i.e z.b u.a d.h o.ä
  a.m p.m mon tue tues wed thu thurs fri sat sun jan feb mar apr jun jul aug sep sept oct okt nov dec dez`.split(/\s+/),
);

/** Does the full stop after `before` belong to a word or number, rather than end the sentence? */
function staysOpen(before: string, after: string): boolean {
  const word =
    /(\S+)\.$/u
      .exec(before)?.[1]
      ?.toLowerCase()
      .replace(/^[("“„]+/u, "") ?? "";
  if (/^\p{Ll}/u.test(after)) return true;
  // "9 a.m. Monday": an abbreviation, unless a new sentence plainly begins ("We open at 9 a.m. The shop …").
  if (word === "a.m" || word === "p.m") return !/^(?:\p{Lu}\p{Ll}+\s+\p{Ll}|We|You|I|The|It|Our)\b/u.test(after);
  if (abbreviations.has(word) || /^\p{L}$/u.test(word) || /^(?:\p{L}\.)+\p{L}$/u.test(word)) return true;
  // "am 3. Mai", "the 24. December": an ordinal before a capital word in a short line.
  return (
    /(?:^|\s)\d{1,2}$/u.test(word) &&
    /^(?:Jan|Feb|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec)/u.test(after)
  );
}

/** The sentences of a line of text, trimmed, none empty. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const end of text.matchAll(/(?<![.!?…])[.!?…]+["”’»)\]]*(?=\s)/gu)) {
    const stop = end.index + end[0].length;
    const before = text.slice(start, stop).trim();
    if (end[0].startsWith(".") && !end[0].startsWith("..") && staysOpen(before, text.slice(stop).trimStart())) continue;
    sentences.push(before);
    start = stop;
  }
  const rest = text.slice(start).trim();
  return (rest === "" ? sentences : [...sentences, rest]).filter((sentence) => sentence !== "");
}
