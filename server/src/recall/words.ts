import { conceptsIn, conceptsOf } from "./concepts.ts";

const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words that carry no meaning of their own in a question. English and German. */
const stopWords =
  list(`a an and any are as at be been being but by can could did do does doing for from had has have having he her
  here hers him his how i i'd i'll i'm i've if in into is it it's its just may me might mine my no not of off on or our ours out
  please shall she should so some such than that that's the their them then there these they this those to too up us very was we
  were what what's when where which while who whom why will with would yes you you're your yours also about much many long
  hello hi hey thanks today tomorrow now still already ever really actually exactly
  der die das den dem des ein eine einen einem einer und oder aber ist sind war bin bist seid wird werden kann könnt können
  kannst könnte ich du er sie es wir ihr mich dich sich uns euch mir dir ihm ihnen mein meine dein deine sein seine euer eure
  unser in im an am auf aus bei mit nach von vom zu zum zur für um über unter vor wie was wann wer warum welche welcher
  welches hallo danke denn wo mal bitte ja nein nicht auch noch schon so dass ob wenn als man hat haben habt hast gibt viel lange heute
  morgen jetzt`);

/** Words that say little: alone they count, beside others hardly. */
const softWords =
  list(`sell offer provide get got need want like use buy find know help tell give take make made let go come
  say show see work thing way something anything question info information kind sort type allow bring belong fit suit good
  best better right nice
  verkauft verkaufen bietet anbieten bekomme bekommen brauche brauchen möchte kaufen finden wissen helfen sagen geben machen
  macht gehen kommen zeigen sache frage art etwas gut gute besser erlaubt`);

const fold = (word: string): string =>
  word
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    // German writes ö as oe where the letter is missing; both sides are folded alike, so nothing else changes.
    .replaceAll(/([aou])e/g, "$1");

/** Forms that no rule of endings explains. */
const irregular = new Map(
  `kept:keep bought:buy sold:sell paid:pay sent:send found:find brought:bring left:leave took:take taken:take gave:give
  given:give went:go gone:go made:make told:tell wrote:write written:write spoke:speak ate:eat eaten:eat broke:break
  broken:break lost:lose built:build held:hold met:meet taught:teach men:man women:woman children:child feet:foot
  teeth:tooth knives:knife loaves:loaf shelves:shelf`
    .split(/\s+/)
    .map((pair) => pair.split(":") as [string, string]),
);

/** Without the endings of plurals and verbs, English or German; only ever compared with another stem. */
export function stem(word: string): string {
  const plain = word.toLowerCase().replace(/['’]s?$/u, "");
  let s = fold(irregular.get(plain) ?? plain);
  if (s.length > 4 && s.endsWith("ies")) s = `${s.slice(0, -3)}y`;
  else if (/(?:ss|x|z|ch|sh)es$/.test(s)) s = s.slice(0, -2);
  else s = s.replace(/^(.{3,})(?<![su])s$/, "$1");
  const verb = /^(.*[aeiouy].*?)(?:ing|ed)$/.exec(s)?.[1];
  if (verb !== undefined && verb.length >= 3) s = verb.replace(/([^aeiouls])\1$/, "$1");
  // One ending may hide another: "Preisen", "Preise", "Preis".
  for (let before = ""; before !== s;) {
    before = s;
    s = s
      .replace(/^(.{3,})(?<![su])s$/, "$1")
      .replace(/^(.{4,}?)(?:en|er|em)$/, "$1")
      .replace(/^(.{3,})e$/, "$1");
  }
  return s.length >= 6 && s.endsWith("y") ? s.slice(0, -1).replace(/er$/, "") : s;
}

/** "e-mail", "Wi-Fi": short halves make one word. */
const joinShort = (text: string): string => text.replaceAll(/\b(\p{L}{1,3})-(\p{L}{1,4})\b/gu, "$1$2");

/** Nothing longer is a word of a language, and comparing endings takes its time. */
const longestWord = 40;

/** The words of a text in lower case, in order. */
export const wordsIn = (text: string): string[] =>
  (
    joinShort(text)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu) ?? []
  ).map((word) => word.slice(0, longestWord));

/** A word of a question: what to look for, and how much it says (0 to 1). */
export interface Wanted {
  stem: string;
  concepts: readonly string[];
  weight: number;
}

const softStems = new Set([...softWords].map(stem));
const weightOf = (wordStem: string): number => (softStems.has(wordStem) ? 0.3 : 1);

/** Asked for by words that otherwise say nothing. Beside other words they hardly count: "Where can I park?" */
const phrases: readonly (readonly [pattern: RegExp, concept: string, besideOthers: number])[] = [
  // "How much sugar" is no question of money.
  [/\bhow much(?=\s*(?:$|\?|(?:is|are|does|do|did|for|would|will|to|it|that|the|a|an)\b))/iu, "§price", 0.7],
  [/\bwie ?viel(?=\s*(?:$|\?|(?:kostet|kosten|ist|sind|für|macht)\b))/iu, "§price", 0.7],
  [/\bhow long\b|\bwie lange?\b/iu, "§duration", 0.5],
  [/\bwhere(?:['’]s| is| are) my\b|\bwo (?:ist|bleibt|sind) mein/iu, "§tracking", 0.7],
  [/\b(?:your|the) hours\b/iu, "§hours", 0.7],
  [/\b(?:where|wo)\b/iu, "§place", 0.3],
  [/^\s*(?:and |und )?(?:when|wann)\b/iu, "§hours", 0.3],
];

/** A question is read up to so many meaningful words. */
const mostWanted = 40;

/** What a question looks for: its meaningful words, each once. */
export function wantedIn(question: string): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const word of wordsIn(question)) {
    if (stopWords.has(word)) continue;
    if (wanted.size >= mostWanted) break;
    wanted.set(stem(word), { stem: stem(word), concepts: conceptsOf(word), weight: weightOf(stem(word)) });
  }
  for (const [pattern, concept, besideOthers] of phrases) {
    const known = [...wanted.values()].some(({ concepts }) => concepts.includes(concept));
    const weight = wanted.size > 0 ? besideOthers : 1;
    if (!known && pattern.test(question)) wanted.set(concept, { stem: concept, concepts: [concept], weight });
  }
  return [...wanted.values()];
}

/** How much of a subject a question asks for, 0 to 1: all the words of "opening hours", or one of its two. */
export function closeness(subject: string, asked: readonly Wanted[]): number {
  const words = wantedIn(subject);
  const sum = (some: Wanted[]) => some.reduce((total, { weight }) => total + weight, 0);
  const met = words.filter(({ stem: one, concepts }) =>
    asked.some((word) => word.stem === one || word.concepts.some((concept) => concepts.includes(concept))),
  );
  return words.length === 0 ? 0 : sum(met) / sum(words);
}

/** The terms under which a taught sentence can be found: its stems and the concepts of its words and its form. */
export function termsOf(sentence: string): string[] {
  if (sentence === "") return [];
  const words = wordsIn(sentence).filter((word) => !stopWords.has(word));
  // "gluten-free" is also found as "glutenfree".
  const compounds = (sentence.match(/\p{L}+(?:-\p{L}+)+/gu) ?? []).map((word) => stem(word.replaceAll("-", "")));
  return [...words.map(stem), ...compounds, ...new Set([...words.flatMap(conceptsOf), ...conceptsIn(sentence)])];
}
