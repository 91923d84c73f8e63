import MiniSearch, { type SearchResult } from "minisearch";
import { keepLast } from "../keep-last.ts";
import { passagesOf, type Passage } from "./passages.ts";
import { closeness, termsOf, wantedIn, type Wanted } from "./words.ts";

export { passagesOf, type Passage } from "./passages.ts";
export { sentencesOf } from "./sentences.ts";
export { closeness, wantedIn, wordsIn } from "./words.ts";

/** A passage that fits a question. */
export interface Recalled extends Passage {
  /** The words of the question that it meets, as stems. */
  met: string[];
  /** How much of the question that is, 0 to 1. */
  coverage: number;
  /** How much of its label, or of the question that it answers, was asked for, 0 to 1. */
  near: number;
  /** By this they are ordered: coverage, label, closeness of the words, weighed by where it was taught. */
  score: number;
}

/** What an agent was taught, or a part of it. */
export interface Teaching {
  who?: string;
  rules?: string;
  tricks?: string;
}

/** Less than this of the question met means: this was not taught. */
export const leastCoverage = 0.34;

/** Beyond this many words more words do not make a question harder to meet. */
const longQuestion = 2.9;

/** All passages of a teaching, in the order of their worth for an answer: tricks, rules, who. */
export const readTeaching = ({ who = "", rules = "", tricks = "" }: Teaching): Passage[] => [
  ...passagesOf("tricks", tricks),
  ...passagesOf("rules", rules),
  ...passagesOf("who", who),
];

const fields = ["said", "asked", "label", "heading"] as const;
const isConcept = (term: string): boolean => term.startsWith("§");

const indexOf = (passages: readonly Passage[]) => {
  const index = new MiniSearch({
    idField: "id",
    fields: [...fields],
    tokenize: (text) => text.split(" "),
    processTerm: (term) => term,
  });
  index.addAll(
    passages.map((passage, id) => ({
      id,
      ...Object.fromEntries(fields.map((field) => [field, termsOf(passage[field]).join(" ")])),
    })),
  );
  return index;
};

/** The words of the question that a result meets, each by itself or by its concept. */
const metBy = ({ queryTerms }: SearchResult, wanted: readonly Wanted[]): string[] =>
  wanted
    .filter(
      ({ stem, concepts }) => queryTerms.includes(stem) || concepts.some((concept) => queryTerms.includes(concept)),
    )
    .map(({ stem }) => stem);

const weightOf = (words: readonly Wanted[]): number => words.reduce((total, { weight }) => total + weight, 0);

/** How much of a question is met where these of its words are, 0 to 1. */
export function coverageOf(met: Iterable<string>, wanted: readonly Wanted[]): number {
  const stems = new Set(met);
  const found = weightOf(wanted.filter(({ stem }) => stems.has(stem)));
  return found === 0 ? 0 : found / Math.min(weightOf(wanted), Math.max(longQuestion, found));
}

const worth: Record<Passage["source"], number> = { tricks: 1, rules: 0.85, who: 0.75 };

/**
 * The passages that fit a question, best first: by how much of the question they meet, then by BM25 over sentences
 * (MiniSearch), then by place. Finds word forms, simple misspellings, and common questions put in other words. The same
 * input always gives the same order.
 */
export function rank(passages: readonly Passage[], question: string, index = indexOf(passages)): Recalled[] {
  const wanted = wantedIn(question);
  if (wanted.length === 0 || passages.length === 0) return [];
  const terms = [...new Set(wanted.flatMap(({ stem, concepts }) => [stem, ...concepts]))];
  const results = index.search(terms.join(" "), {
    boost: { asked: 1.5, label: 1.5, heading: 0.7 },
    boostTerm: (term) => (isConcept(term) ? 0.6 : 1),
    prefix: (term) => !isConcept(term) && term.length >= 4,
    fuzzy: (term) => (isConcept(term) || term.length < 5 ? false : term.length < 9 ? 1 : 2),
  });
  const best = results[0]?.score ?? 1;
  return results
    .flatMap((result) => {
      const passage = passages[Number(result.id)];
      if (!passage) return [];
      const met = metBy(result, wanted);
      const coverage = coverageOf(met, wanted);
      const near = closeness(passage.label || passage.asked, wanted);
      const score = (coverage + 0.3 * near + (0.2 * result.score) / best) * worth[passage.source];
      return [{ ...passage, met, coverage, near, score }];
    })
    .filter(({ coverage }) => coverage >= leastCoverage)
    .toSorted((a, b) => b.score - a.score || a.index - b.index);
}

/** Reading 5,000 characters takes some ms, during which nobody else is served; asking what was read takes a tenth. */
const read = keepLast<{ passages: Passage[]; index: MiniSearch }>(50);

/** The taught passages that fit a question, best first. */
export function recall(teaching: Teaching, question: string): Recalled[] {
  const { passages, index } = read(JSON.stringify([teaching.who, teaching.rules, teaching.tricks]), () => {
    const all = readTeaching(teaching);
    return { passages: all, index: indexOf(all) };
  });
  return rank(passages, question, index);
}
