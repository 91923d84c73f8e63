import { wordsIn } from "../../recall/index.ts";

export type Language = "en" | "de";

interface Voice {
  hello: string;
  iAm(name: string): string;
  whatToKnow: string;
  described(text: string): string;
  noPerson: string;
  howAreYou: string;
  thanks: string;
  bye: string;
  abilities: string;
  justAsk: string;
  rules: string;
  noRules: string;
  rule(text: string): string;
  notAllowed(rule: string): string;
  told(text: string): string;
  trick(text: string): string;
  closest: string;
  unknown: string;
  topics(list: string): string;
  teachMe: string;
  emptyHead: string;
}

/** Everything that Charlie says in his own words; all else in his answers was taught. */
export const voices: Record<Language, Voice> = {
  en: {
    hello: "Hello!",
    iAm: (name) => `I'm ${name}.`,
    whatToKnow: "What would you like to know?",
    described: (text) => `This is how I was introduced: “${text}”`,
    noPerson: "I'm not a person: I'm an assistant who answers from what I was taught.",
    howAreYou: "I'm well, thank you for asking.",
    thanks: "You're welcome! Just ask if there is anything else.",
    bye: "Goodbye, and come back any time!",
    abilities: "Here is what I was taught:",
    justAsk: "Just ask me about any of it.",
    rules: "These are the rules I keep:",
    noRules: "I wasn't given any rules yet.",
    rule: (text) => `One of my rules fits here: “${text}”`,
    notAllowed: (rule) => `That is something I leave to others. One of my rules says: “${rule}”`,
    told: (text) => `For this I was told: “${text}”`,
    trick: (text) =>
      `That is one of my tricks: “${text}” My practice brain can only find what I was taught; with an AI model I can do it.`,
    closest: "I'm not sure I was taught exactly that. This comes closest:",
    unknown: "I haven't been taught that yet, and I'd rather not guess.",
    topics: (list) => `I do know about: ${list}.`,
    teachMe: "You can teach me: add a sentence about it, and I'll know it next time.",
    emptyHead: "I haven't been taught anything yet. Write a few sentences that I should know, and then ask me again.",
  },
  de: {
    hello: "Hallo!",
    iAm: (name) => `Ich bin ${name}.`,
    whatToKnow: "Was möchtest du wissen?",
    described: (text) => `So wurde ich vorgestellt: „${text}“`,
    noPerson: "Ich bin kein Mensch, sondern ein Helfer, der aus dem antwortet, was er gelernt hat.",
    howAreYou: "Mir geht es gut, danke der Nachfrage.",
    thanks: "Gern geschehen! Frag einfach, wenn du noch etwas wissen möchtest.",
    bye: "Auf Wiedersehen, und komm jederzeit wieder!",
    abilities: "Das habe ich gelernt:",
    justAsk: "Frag mich einfach danach.",
    rules: "An diese Regeln halte ich mich:",
    noRules: "Ich habe noch keine Regeln bekommen.",
    rule: (text) => `Dazu passt eine meiner Regeln: „${text}“`,
    notAllowed: (rule) => `Das überlasse ich anderen. Eine meiner Regeln sagt: „${rule}“`,
    told: (text) => `Dafür wurde mir gesagt: „${text}“`,
    trick: (text) =>
      `Das ist einer meiner Tricks: „${text}“ Mein Übungsgehirn findet nur, was ich gelernt habe; mit einem KI-Modell kann ich es tun.`,
    closest: "Genau das habe ich vielleicht nicht gelernt. Am nächsten kommt:",
    unknown: "Das habe ich noch nicht gelernt, und raten möchte ich nicht.",
    topics: (list) => `Ich weiß etwas über: ${list}.`,
    teachMe: "Du kannst es mir beibringen: Schreib einen Satz darüber, dann weiß ich es beim nächsten Mal.",
    emptyHead:
      "Ich habe noch nichts gelernt. Schreib ein paar Sätze auf, die ich wissen soll, und frag mich dann noch einmal.",
  },
};

const german = new Set(
  `der die das den dem des ein eine einen und oder aber ist sind war ich du er wir ihr sie mir dir uns euch mein dein euer eure
  wie was wann wo wer warum welche nicht kein keine für mit von zum zur bei nach auf im kann könnt habt hast haben gibt
  bitte danke hallo guten tag moin servus tschüss`.split(/\s+/),
);
const english = new Set(
  `the a an and or but is are was i you he we they my your our how what when where who why which not no for with from to at
  on in can do does have has there please thanks thank hello hi hey`.split(/\s+/),
);

const lean = (text: string): number => {
  const words = wordsIn(text);
  const count = (set: ReadonlySet<string>) => words.filter((word) => set.has(word)).length;
  return count(german) + (/[äöüß]/iu.test(text) ? 1 : 0) - count(english);
};

/** The language of the question; where it does not show, that of the teaching; else English. */
export function languageOf(question: string, taught: string): Language {
  return (lean(question) || lean(taught)) > 0 ? "de" : "en";
}
