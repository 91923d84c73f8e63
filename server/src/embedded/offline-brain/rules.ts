import { passagesOf, wantedIn, type Passage } from "../../recall/index.ts";

/** What can be read from an agent's rules without understanding language. */
export interface RuleBook {
  all: Passage[];
  /** "Never …", "Do not …": what the agent leaves alone. */
  forbidding: Passage[];
  /** "About allergies, ask people to call us.": rules for one subject. */
  about: { topic: string; rule: Passage }[];
  /** What to say where nothing was taught, if a rule tells. */
  whenUnsure: Passage | null;
  /** "Only answer questions about …" */
  only: Passage | null;
  /** The most sentences of an answer. */
  mostSentences: number;
  /** The exact words that a greeting is, or that answers begin or end with, if a rule gives them in quotation marks. */
  greetWith: string | null;
  beginWith: string | null;
  endWith: string | null;
}

const forbids =
  /^\p{L}+ (?:nicht|nie|niemals|keine?[nr]?)\b|^(?:please )?(?:never|don['’]?t|do not|avoid|no\b|must not|under no circumstances|nie\b|niemals|keine?[nr]?\b|vermeide|sprich nicht|(?:you|he|she|charlie) (?:must not|may not|should not|shouldn['’]t|never|does not|doesn['’]t)|du (?:darfst|sollst) (?:nicht|nie|kein))|\b(?:is|are) (?:forbidden|not allowed|off limits)\b|\bnever (?:talk|speak|discuss|mention|promise|give|share|reveal|answer)\b/iu;
const unsure =
  /\b(?:(?:don['’]?t|do not|doesn['’]?t|does not|can['’]?t|cannot|not) (?:know|sure|certain|answer|find|been taught)|unsure|in doubt|no answer|nicht (?:weißt|weiß|sicher|beantworten)|unsicher|keine antwort|im zweifel)\b/iu;
const only =
  /^(?:please )?(?:only|just|nur)\b|\bonly (?:answer|talk|speak|help|discuss)\b|\bnothing else\b|\b(?:beantworte|sprich) nur\b|^stick to\b/iu;
const short = /\b(?:short|brief|briefly|concise|concisely|kurz|knapp)\b/iu;
const number: Record<string, number> = {
  one: 1,
  a: 1,
  single: 1,
  two: 2,
  three: 3,
  four: 4,
  ein: 1,
  einem: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
};
const counted =
  /\b(one|a single|single|two|three|four|ein|einem|zwei|drei|vier|[1-4])(?: (?:or|to|bis|oder) (?:two|three|four|zwei|drei|vier|[2-4]))?(?: short| kurze[nr]?)? (?:sentence|satz|sätze)/iu;
const quoted = /["“„«](.+?)["”“»]|(?<=\s)['‘‚](.+?)['’](?=[\s.,!]|$)/u;
const begins = /\b(?:start|begin|open|beginne?)\b/iu;
const greets = /\b(?:greet|welcome|say hello|begrüße|grüße?)\b/iu;
const ends = /\b(?:end|finish|close|sign off|say goodbye|beende|schließe|verabschiede)\b/iu;

const inQuotes = (text: string): string | null => {
  const found = quoted.exec(text);
  return found?.[1] ?? found?.[2] ?? null;
};

function sentenceLimit(rules: Passage[]): number {
  for (const { text } of rules) {
    const word = counted.exec(text)?.[1]?.toLowerCase().replace(/^a /u, "");
    if (word) return number[word] ?? Number(word);
  }
  return rules.some(({ text }) => short.test(text) && !forbids.test(text)) ? 2 : 4;
}

const subject =
  /^(?:about|for|regarding|concerning|as for|when it comes to|zu|bei|für|über)\s+(.{3,60}?)\s*,\s|^(?:if|when|whenever)\s+.{0,40}?\b(?:asks?|asked|talks?|mentions?|needs?|wants?)\b\s*(?:about|for|to)?\s*(.{3,60}?)\s*,\s|^wenn\s+.{0,40}?\b(?:nach|über)\s+(.{3,60}?)\s+\p{L}+,\s/iu;

function subjectOf(rule: Passage): string | null {
  if (rule.asked !== "") return rule.asked;
  const found = subject.exec(rule.text);
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? null;
}

/** Reads the rules of an agent. */
export function readRules(text: string): RuleBook {
  const all = passagesOf("rules", text);
  const find = (pattern: RegExp) => all.find((rule) => pattern.test(rule.text)) ?? null;
  const words = (pattern: RegExp) => {
    const rule = all.find(
      (candidate) => pattern.test(candidate.text) && inQuotes(candidate.text) !== null && !unsure.test(candidate.text),
    );
    return rule && !forbids.test(rule.text) ? inQuotes(rule.text) : null;
  };
  return {
    all,
    forbidding: all.filter((rule) => forbids.test(rule.text) && !unsure.test(rule.text)),
    about: all.flatMap((rule) => {
      const topic = unsure.test(rule.text) ? null : subjectOf(rule);
      return topic === null ? [] : [{ topic, rule }];
    }),
    whenUnsure: find(unsure),
    only: find(only),
    mostSentences: sentenceLimit(all),
    greetWith: words(greets),
    beginWith: words(begins),
    endWith: words(ends),
  };
}

/** Words of a rule that tell what to do, not about what. */
const ruleVerbs = new Set(
  `never talk speak discuss mention promise give share reveal answer avoid say tell ask offer make use always don't dont do not
  question questions topic topics about anything details advice customer customers people niemals nie sprich rede über
  erwähne nenne verrate versprich frage fragen beantworte gib`.split(/\s+/),
);

/** What a forbidding rule is about. */
export const topicOf = (rule: Passage): string =>
  rule.text
    .split(/\s+/)
    .filter((word) => !ruleVerbs.has(word.toLowerCase().replaceAll(/[.,!:;"“”]/gu, "")))
    .join(" ");

/** Does the rule forbid the subject itself, rather than one way of treating it ("never promise …")? */
export const forbidsSubject = (rule: Passage): boolean =>
  /\b(?:talk|speak|discuss|mention|answer|reveal|share|comment|sprich|rede|erwähne|nenne|verrate|beantworte)\b/iu.test(
    rule.text,
  );

/**
 * What the rule for "I don't know" makes the agent say: its words in quotation marks or after "say", else the whole rule.
 */
export function fallbackOf(rule: Passage): { said: string; whole: boolean } {
  const words = inQuotes(rule.text);
  if (words !== null) return { said: words, whole: false };
  const say =
    /(?:,|:|\bthen|\bdann)\s*(?:please\s+)?(?:say|answer|reply|tell (?:them|people|the \w+)|sage?\b|antworte)\s*(?:so,?\s*)?(?:that\s+|dass\s+)?:?\s*(.{8,})$/iu.exec(
      rule.text,
    )?.[1];
  return say && /^(?:please|we|our|you can|call|bitte|wir)\b/iu.test(say)
    ? { said: say.charAt(0).toUpperCase() + say.slice(1), whole: false }
    : { said: rule.text, whole: true };
}

/** How much of a rule's subject the question asks for, 0 to 1. */
export function closeness(subjectText: string, question: string): number {
  const topic = wantedIn(subjectText);
  const asked = wantedIn(question);
  const met = topic.filter(({ stem, concepts }) =>
    asked.some((word) => word.stem === stem || word.concepts.some((concept) => concepts.includes(concept))),
  );
  return topic.length === 0 ? 0 : met.length / topic.length;
}
