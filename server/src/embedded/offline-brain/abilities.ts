import type { Passage } from "../../recall/index.ts";
import type { voices } from "./voice.ts";
import { say } from "./say.ts";

const most = 6;
const longest = 120;

const once = (texts: string[]): string[] => [...new Set(texts)];
const shortLabel = (text: string): string => /^(\p{L}[^:.!?]{2,40}):\s/u.exec(text)?.[1] ?? "";

/** The name of what a passage is about; empty where it has none. */
const nameOf = ({ heading, label, said }: Passage): string =>
  (heading || label || shortLabel(said)).replace(/,?\s*(?:section|chapter|part|no\.?|§)\s*\d.*$/iu, "");

/** What the agent can be asked about, by name: headings and labels. */
export const topicsOf = (passages: Passage[]): string[] =>
  once(
    passages
      .filter(({ source }) => source === "tricks")
      .map(nameOf)
      .filter((name) => name !== ""),
  ).slice(0, 4);

/** A list of what was taught: headings, questions, else the sentences themselves. Empty where nothing was. */
export function abilities(passages: Passage[], voice: (typeof voices)["en"]): { text: string; quoted: Passage[] } {
  const named = new Map<string, Passage>();
  for (const passage of passages.filter(({ source }) => source === "tricks")) {
    const name = nameOf(passage) || (passage.asked.endsWith("?") ? passage.asked : passage.said);
    if (name.length <= longest && !named.has(name)) named.set(name, passage);
  }
  const shown = [...named].slice(0, most);
  if (shown.length === 0) return { text: "", quoted: [] };
  return {
    text: `${voice.abilities}\n\n${say.list(shown.map(([name]) => name))}\n\n${voice.justAsk}`,
    quoted: shown.map(([, passage]) => passage),
  };
}
