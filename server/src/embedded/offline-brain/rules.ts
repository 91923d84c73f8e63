import { passagesOf, type Passage } from "../../recall/index.ts";

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
  /^\p{L}+ (?:nicht|nie|niemals|keine?[nr]?)\b|^(?:please )?(?:never|don['’]?t|do not|avoid|no\b|(?:you )?give no\b|must not|under no circumstances|nie\b|niemals|keine?[nr]?\b|vermeide|sprich nicht|(?:you|he|she|charlie) (?:must not|may not|should not|shouldn['’]t|never|does not|doesn['’]t)|du (?:darfst|sollst) (?:nicht|nie|kein))|\b(?:is|are) (?:forbidden|not allowed|off limits)\b|\bnever (?:talk|speak|discuss|mention|promise|give|share|reveal|answer)\b/iu;
const condition = /\b(?:if|when|whenever|where|wenn|falls|sobald|in doubt|unsure|im zweifel|unsicher)\b/iu;
const notKnowing =
  /\b(?:(?:don['’]?t|do not|doesn['’]?t|does not|can['’]?t|cannot|not) (?:know|sure|certain|answer|find|been taught)|unsure|in doubt|no answer|nicht (?:weißt|weiß|sicher|beantworten)|unsicher|keine antwort|im zweifel)\b/iu;
/** A rule for questions that nothing taught answers. */
const isForUnsure = (text: string): boolean => condition.test(text) && notKnowing.test(text);
const only =
  /^(?:please )?(?:only|just|nur)\b|\bonly (?:answer|talk|speak|help|discuss)\b|\bnothing else\b|\b(?:beantworte|sprich) nur\b|^stick to\b/iu;
const short = /\b(?:short|brief|briefly|concise|concisely|kurz|knapp)\b(?! (?:sentence|word|satz|sätze))/iu;
const numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"];
const zahlen = ["kein", "einem", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht"];
const numeral = [...numbers, ...zahlen, "[1-8]"].join("|");
/** "in two to four sentences": the last number counts. */
const counted = new RegExp(String.raw`\b(${numeral})(?: short| kurzen)? (?:sentences?|satz|sätzen?)`, "iu");
/** "Say the result in one sentence" is about a part; these are about the whole answer. */
const aboutAnswers =
  /\b(?:answers?|reply|replies|respond|keep (?:it|to)|at most|no more than|antworte|antworten|höchstens)\b/iu;
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
    const word = aboutAnswers.test(text) ? counted.exec(text)?.[1]?.toLowerCase() : undefined;
    if (word) return Math.max(1, numbers.indexOf(word), zahlen.indexOf(word), Number(word) || 0);
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
      (candidate) => pattern.test(candidate.text) && inQuotes(candidate.text) !== null && !isForUnsure(candidate.text),
    );
    return rule && !forbids.test(rule.text) ? inQuotes(rule.text) : null;
  };
  return {
    all,
    forbidding: all.filter((rule) => forbids.test(rule.text) && !isForUnsure(rule.text)),
    about: all.flatMap((rule) => {
      const topic = isForUnsure(rule.text) ? null : subjectOf(rule);
      return topic === null ? [] : [{ topic, rule }];
    }),
    whenUnsure: all.find(({ text: rule }) => isForUnsure(rule)) ?? null,
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

/** What a forbidding rule is about; "law, taxes or health" are three subjects. */
export const topicsOfRule = (rule: Passage): string[] =>
  rule.text.split(/,|\bor\b|\band\b|\boder\b|\bund\b/iu).map((part) =>
    part
      .split(/\s+/)
      .filter((word) => !ruleVerbs.has(word.toLowerCase().replaceAll(/[.!:;"“”]/gu, "")))
      .join(" "),
  );

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
