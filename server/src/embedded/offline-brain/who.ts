import { sentencesOf } from "../../recall/index.ts";
import type { Language } from "./voice.ts";
import { voices } from "./voice.ts";

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** "You are" and "your" at the start of a sentence, in the first person. */
const turns: readonly (readonly [RegExp, (rest: string) => string])[] = [
  [/^(?:you are|you['’]re)\s+(.+)$/iu, (rest) => `I'm ${rest}`],
  [/^your name is\s+(.+)$/iu, (rest) => `My name is ${rest}`],
  [/^(?:act as|be)\s+(an? .+)$/iu, (rest) => `I'm ${rest}`],
  [/^you\s+((?!were\b).+)$/iu, (rest) => `I ${rest}`],
  [/^du bist\s+(.+)$/iu, (rest) => `Ich bin ${rest}`],
  [/^dein name ist\s+(.+)$/iu, (rest) => `Mein Name ist ${rest}`],
];
const speaksToAgent = /\b(?:you|your|yourself|du|dein|deine|deinen|dich|dir)\b/iu;
/** "…, you prepare them": a new clause about the agent. */
const newClause = /(^|[,:;]\s|\band )you(?: (are)\b|(['’]re)\b)?(?= \p{Ll})/gu;
const joinedVerb = /\band are\b/gu;
/** What is still to be filled in: "[your name]". */
const gaps = /\[[^\]]*\]/gu;

const firstForms: Record<string, string> = {
  is: "I'm",
  has: "I have",
  does: "I do",
  goes: "I go",
  ist: "Ich bin",
  hat: "Ich habe",
};

/** "He helps our guests." in the first person; `null` where a second verb would have to follow. */
function fromThird(verb: string, rest: string): string | null {
  if (/\b(?:and|und|,)\s+\p{Ll}+(?:s|t)\b|\b(?:he|she|his|her|himself|herself|er|sie|sein|ihr)\b/iu.test(rest))
    return null;
  if (firstForms[verb]) return `${firstForms[verb]} ${rest}`;
  const plain = /^(.+?)(?:(?<=ss|sh|ch|x|zz)es|(?<!s)s)$/u.exec(verb)?.[1];
  return plain ? `I ${plain.replace(/ie$/u, "y")} ${rest}` : null;
}

/** A sentence of *who* as the agent says it of itself; `null` where turning it round would need understanding. */
export function inFirstPerson(sentence: string, agentName: string): string | null {
  if (/^(?:I|I['’]m|Ich|My|Mein|We|Our|Wir|Unser)\b/u.test(sentence)) return sentence;
  for (const [pattern, turn] of turns) {
    const rest = pattern.exec(sentence)?.[1];
    if (rest === undefined) continue;
    const clauses = rest.replace(
      newClause,
      (_, before: string, are?: string, re?: string) => `${before}${are || re ? "I'm" : "I"}`,
    );
    const said = turn(clauses.replace(joinedVerb, "and am"));
    return speaksToAgent.test(said.replaceAll(gaps, "")) ? null : said;
  }
  const third = /^(?:he|she|it|er|sie)\s+(\p{L}+)\s+(.+)$/iu.exec(sentence);
  if (third?.[1] && third[2]) return fromThird(third[1].toLowerCase(), third[2]);
  const named = sentence.toLowerCase().startsWith(`${agentName.toLowerCase()} is `);
  if (named) return `I'm ${sentence.slice(agentName.length + 4)}`;
  // "A friendly helper for …": no verb, so it is a description.
  if (/^(?:an?|the|your)\s/iu.test(sentence) && !/\b(?:is|are|has|helps|answers|was)\b/iu.test(sentence)) {
    return speaksToAgent.test(sentence.slice(4).replaceAll(gaps, ""))
      ? null
      : `I'm ${lower(sentence).replace(/^your\b/u, "the")}`;
  }
  return null;
}

/** Who the agent is, in at most two sentences in its own voice. */
export function introduce(agentName: string, who: string, language: Language): string {
  const voice = voices[language];
  const [first = "", second] = sentencesOf(who.replaceAll(/\s+/gu, " ").trim());
  const said = inFirstPerson(first, agentName);
  if (first === "") return voice.iAm(agentName);
  if (said === null) return `${voice.iAm(agentName)} ${voice.described(first)}`;
  const ended = /[.!?]$/u.test(said) ? said : `${said}.`;
  const more = second === undefined ? null : inFirstPerson(second, agentName);
  const intro = more === null ? ended : `${ended} ${more}`;
  return said.toLowerCase().includes(agentName.toLowerCase()) ? intro : `${voice.iAm(agentName)} ${intro}`;
}
