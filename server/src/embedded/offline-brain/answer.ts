import type { UsedSentence } from "@charlie/contract";
import {
  closeness,
  coverageOf,
  rank,
  readTeaching,
  wantedIn,
  type Passage,
  type Recalled,
} from "../../recall/index.ts";
import { abilities, topicsOf } from "./abilities.ts";
import { fallbackOf, forbidsSubject, readRules, topicsOfRule, type RuleBook } from "./rules.ts";
import { say } from "./say.ts";
import { smallTalkOf, type SmallTalk } from "./small-talk.ts";
import { languageOf, voices, type Language } from "./voice.ts";
import { introduce } from "./who.ts";

/** The teaching as its owner wrote it. */
export interface Lesson {
  agentName: string;
  who: string;
  rules: string;
  tricks: string;
}

/** An answer, and the taught sentences in it. */
export interface Spoken {
  text: string;
  quoted: UsedSentence[];
}

interface Situation {
  lesson: Lesson;
  passages: Passage[];
  rules: RuleBook;
  language: Language;
  question: string;
  previous: string;
}

/** From here on a passage counts as an answer; below it only comes close. */
const goodCoverage = 0.6;

const spoken = (parts: (string | null)[], quoted: Passage[] = []): Spoken => ({
  text: parts.filter((part) => part !== null && part !== "").join(" "),
  quoted: quoted.map(({ source, text }) => ({ source, text })),
});

/** "And on Sunday?" asks about what was asked before. */
const goesOn = /^(?:and|but|what about|how about|und|aber|was ist mit|wie ist es mit)\b/iu;

/** "On Sunday?", "the large one?": too little to be a question by itself. */
const fewWords = /^\s*\S+(?:\s+\S+){0,2}\s*$/u;

function find({ passages, rules, question, previous }: Situation): Recalled[] {
  // Rules about what to leave alone are not for quoting: they are kept.
  const open = passages.filter(
    ({ source, index }) => source !== "rules" || !rules.forbidding.some((rule) => rule.index === index),
  );
  const hits = rank(open, question);
  const follows = previous !== "" && (goesOn.test(question) || (hits.length === 0 && fewWords.test(question)));
  return follows ? rank(open, `${question} ${previous}`) : hits;
}

function unknown({ lesson, rules, language, passages }: Situation): Spoken {
  const voice = voices[language];
  if (lesson.who.trim() + lesson.rules.trim() + lesson.tricks.trim() === "") return spoken([voice.emptyHead]);
  if (rules.whenUnsure) {
    const { said, whole } = fallbackOf(rules.whenUnsure);
    return spoken([voice.unknown, whole ? voice.rule(said) : say.ended(said)], [rules.whenUnsure]);
  }
  if (rules.only) return spoken([voice.unknown, voice.rule(rules.only.text)], [rules.only]);
  const topics = topicsOf(passages);
  return spoken([voice.unknown, topics.length > 0 ? voice.topics(topics.join(", ")) : null, voice.teachMe]);
}

/** The rule about the subject of the question, if one forbids it or tells what to do about it. */
function ruleFor({ rules, question, language }: Situation, taught: boolean): Spoken | null {
  const wanted = wantedIn(question);
  const nearest = <T extends { topic: string }>(candidates: T[]) =>
    candidates
      .map((candidate) => ({ ...candidate, near: closeness(candidate.topic, wanted) }))
      .filter(({ near }) => near >= goodCoverage)
      .toSorted((one, other) => other.near - one.near)[0];
  const voice = voices[language];
  const forbidden = nearest(rules.forbidding.flatMap((rule) => topicsOfRule(rule).map((topic) => ({ rule, topic }))));
  // "Never talk about prices" goes before anything taught; "Never promise a price" leaves room for what was.
  if (forbidden && (!taught || (forbidden.near === 1 && forbidsSubject(forbidden.rule)))) {
    const more = rules.whenUnsure ? fallbackOf(rules.whenUnsure) : null;
    return spoken(
      [voice.notAllowed(forbidden.rule.text), more && !more.whole ? say.ended(more.said) : null],
      [forbidden.rule],
    );
  }
  const about = taught ? undefined : nearest(rules.about);
  if (!about) return null;
  return spoken(
    [about.rule.said === about.rule.text ? voice.rule(about.rule.text) : say.ended(about.rule.said)],
    [about.rule],
  );
}

/** Do these sentences answer the question, or do they only come close? */
function isMet(question: string, hits: Recalled[], quoted: Passage[]): boolean {
  const said = hits.filter((hit) => quoted.some(({ source, index }) => hit.source === source && hit.index === index));
  // A question that names exactly what a passage is called may hold as many words again.
  if (said.some(({ near, coverage }) => near === 1 && coverage >= 0.5)) return true;
  // Sentences that each meet a part of the question can meet it together.
  const together = said.flatMap(({ met }) => met);
  return coverageOf(together, wantedIn(question)) >= goodCoverage;
}

function lookUp(situation: Situation): Spoken {
  const { rules, language, question, passages, lesson } = situation;
  const hits = find(situation);
  const [best] = hits;
  const answer = say.answer(hits, passages, {
    most: rules.mostSentences,
    language,
    question,
    agentName: lesson.agentName,
  });
  const known = isMet(question, hits, answer.quoted);
  const ruled = ruleFor(situation, known && best?.source === "tricks");
  if (ruled) return ruled;
  if (!best || (!known && best.source !== "tricks")) return unknown(situation);
  const opening =
    known || answer.introduced ? "" : `${voices[language].closest}${answer.text.startsWith("- ") ? "\n\n" : " "}`;
  return spoken([opening + answer.text], answer.quoted);
}

const talk: Record<SmallTalk, (situation: Situation) => Spoken> = {
  hello: ({ lesson, rules, language, passages }) =>
    spoken(
      [
        rules.beginWith ? null : called(rules.greetWith ?? voices[language].hello),
        introduce(lesson.agentName, lesson.who, language),
        passages.length === 0 ? voices[language].emptyHead : voices[language].whatToKnow,
      ],
      whoOf(passages),
    ),
  who: ({ lesson, language, passages }) => spoken([introduce(lesson.agentName, lesson.who, language)], whoOf(passages)),
  person: ({ lesson, language, passages }) =>
    spoken([introduce(lesson.agentName, lesson.who, language), voices[language].noPerson], whoOf(passages)),
  howAreYou: ({ language }) => spoken([voices[language].howAreYou, voices[language].whatToKnow]),
  thanks: ({ language }) => spoken([voices[language].thanks]),
  bye: ({ language }) => spoken([voices[language].bye]),
  abilities: (situation) => {
    const { text, quoted } = abilities(situation.passages, voices[situation.language]);
    return text === "" ? unknown(situation) : spoken([text], quoted);
  },
  rules: ({ rules, language }) =>
    rules.all.length === 0
      ? spoken([voices[language].noRules])
      : spoken([`${voices[language].rules}\n\n${say.list(rules.all.map(({ text }) => text))}`], rules.all),
};

const called = (words: string): string => (/[.,:!?]$/u.test(words) ? words : `${words}!`);

const whoOf = (passages: Passage[]): Passage[] => passages.filter(({ source }) => source === "who").slice(0, 2);

/** Words that a rule puts at the beginning or the end of every answer. */
function withManners({ text, quoted }: Spoken, { beginWith, endWith }: RuleBook): Spoken {
  const begun = beginWith && !text.startsWith(beginWith) ? `${called(beginWith)} ${text}` : text;
  if (!endWith || begun.endsWith(endWith)) return { text: begun, quoted };
  return { text: `${begun}${begun.includes("\n") ? "\n\n" : " "}${endWith}`, quoted };
}

/** "Hi Bella, do you …": being called by name asks for nothing. */
function withoutName(question: string, name: string): string {
  if (name.trim() === "") return question;
  // Each character by its number: a name may hold what means something in a pattern.
  const exactly = Array.from(name.trim(), (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join("");
  const rest = question
    .replace(new RegExp(String.raw`^(\s*(?:hi|hello|hey|hallo)?\s*)${exactly}\b`, "iu"), "$1")
    .replace(new RegExp(String.raw`,\s*${exactly}(\s*[?!.]*\s*)$`, "iu"), "$1");
  return rest.trim() === "" ? question : rest;
}

/**
 * What the offline brain says: the taught sentences that fit the question, in the agent's voice; small talk; a rule
 * where one forbids the subject; or plainly that this was never taught. `previous` is the question before, for "And on
 * Sunday?". The same input always gives the same answer.
 */
export function answerFrom(lesson: Lesson, question: string, previous = ""): Spoken {
  const taught = [lesson.tricks, lesson.rules, lesson.who].join("\n");
  const situation: Situation = {
    lesson,
    passages: readTeaching(lesson),
    rules: readRules(lesson.rules),
    language: languageOf(question, taught),
    question: withoutName(question, lesson.agentName),
    previous,
  };
  const kind = smallTalkOf(question, lesson.agentName);
  return withManners(kind ? talk[kind](situation) : lookUp(situation), situation.rules);
}
