import { sentencesOf, type Passage, type Recalled } from "../../recall/index.ts";
import { voices, type Language } from "./voice.ts";
import { inFirstPerson } from "./who.ts";

/** The longest list that is shown whole. */
const longestList = 8;
/** More pieces than this with the same words mean that the words say little. */
const mostPieces = 4;
/** A passage is part of the answer when it meets nearly as much of the question as the best one. */
const nearlyAsGood = 0.75;

const doing =
  /^(?:always |please )?(?:answer|ask|calculate|collect|compare|describe|draft|explain|find|give|greet|help|list|look up|make|offer|plan|prepare|point|recommend|refer|remind|rewrite|show|sort|suggest|summari[sz]e|tell|translate|turn|write|beschreibe?|empfiehl|erkläre?|fasse?|finde?|formuliere?|frage?|hilf|prüfe?|rechne|schlage?|schreibe?|suche?|übersetze?|vergleiche?|zeige?)\b/iu;
const whenAsked = /^(?:if|when|whenever|wenn|falls)\b/iu;
const request = /^(?:can|could|would|will|please|kannst|könntest|bitte)\b/iu;
const pointsBack = /^(?:it|they|this|these|that|those|he|she|then|also|er|es|das|dies|diese|dieser|dann|außerdem)\b/iu;

/** With a full stop where the end has no mark of its own; addresses stay as they are. */
const ended = (text: string): string =>
  /[\p{L}\p{N})%€$]$/u.test(text) && !/\S[@/]\S+$|www\.\S+$/iu.test(text) ? `${text}.` : text;

const list = (items: string[]): string => items.map((item) => `- ${item.replaceAll("\n", " ")}`).join("\n");

/** The first sentences; a "Yes!" is not counted as one. */
function firstSentences(text: string, most: number): string {
  const kept: string[] = [];
  for (const sentence of sentencesOf(text)) {
    if (kept.filter((earlier) => earlier.includes(" ")).length >= most) break;
    kept.push(sentence);
  }
  return kept.join(" ");
}

interface Manner {
  most: number;
  language: Language;
  question: string;
  agentName: string;
}

/** Is this said to the agent ("Recommend …", "If somebody asks …") rather than to those who ask? */
const isInstruction = ({ said, asked }: Passage): boolean =>
  asked === "" &&
  (doing.test(said) ||
    (whenAsked.test(said) && /\b(?:asks?|asked|wants?|fragt|fragen|möchte)\b/iu.test(said.slice(0, 60))));

/** Rules and instructions are quoted as what they are; that already tells how near they come to the question. */
const needsIntroduction = (passage: Passage): boolean => passage.source === "rules" || isInstruction(passage);

/** One passage in the agent's voice. */
function voiced(passage: Passage, { language, question, agentName }: Manner): string {
  const voice = voices[language];
  if (passage.source === "rules") return voice.rule(passage.said);
  if (isInstruction(passage)) return request.test(question) ? voice.trick(passage.said) : voice.told(passage.said);
  if (passage.source === "who") return inFirstPerson(passage.said, agentName) ?? voice.described(passage.said);
  // A paragraph with a number is quoted by it: "House rules, section 2".
  if (/\d|§/u.test(passage.label) && passage.said !== passage.text) return `${passage.said} (${passage.label})`;
  return passage.asked === "" ? ended(passage.said) : passage.said;
}

/** Taught as one piece, so it is said as one: what belongs to a question or a label. */
const isWhole = ({ asked, label }: Passage): boolean => asked !== "" || label !== "";

const inOrder = <T extends Passage>(passages: T[]): T[] => passages.toSorted((a, b) => a.index - b.index);

/** The best passage, those that are about as good, and the sentence before one that points back to it. */
function chosen(hits: Recalled[], passages: Passage[], most: number): Passage[] {
  const [best] = hits;
  if (!best) return [];
  if (isWhole(best) || needsIntroduction(best)) return [best];
  const close = hits.filter(
    (hit) =>
      hit.source === best.source &&
      !isWhole(hit) &&
      !needsIntroduction(hit) &&
      hit.coverage >= nearlyAsGood * best.coverage,
  );
  // Where all meet the very same words, as under one heading, their own order tells better than their length.
  const alike = close.every(({ met }) => met.join() === best.met.join());
  const picked: Passage[] = [];
  for (const hit of (alike ? inOrder(close) : close).slice(0, most)) {
    const before = passages.find(({ source, index }) => source === hit.source && index === hit.index - 1);
    const readsOn = pointsBack.test(hit.said) && before?.block === hit.block && before.asked === "";
    if (readsOn && most > 1) picked.push(before);
    picked.push(hit);
  }
  const unique = [...new Map(picked.map((passage) => [passage.index, passage])).values()];
  return inOrder(unique.slice(0, most));
}

/** "Small package: …", "Large package: …": pieces whose names were asked for alike, each by its first sentence. */
function chosenPieces(hits: Recalled[]): Recalled[] {
  const [best] = hits;
  if (!best || best.label === "" || best.near === 0 || best.near === 1) return [];
  const alike = hits.filter(
    (hit) =>
      hit.source === best.source && hit.label !== "" && hit.near === best.near && hit.met.join() === best.met.join(),
  );
  return alike.length < 2 || alike.length > mostPieces || alike.some(needsIntroduction) ? [] : inOrder(alike);
}

/** Items under one heading that answer together: "Opening hours". */
function chosenItems(hits: Recalled[]): Recalled[] {
  const [best] = hits;
  if (!best?.isItem || best.heading === "") return [];
  const items = hits.filter(
    ({ source, block, isItem, coverage }) =>
      source === best.source && block === best.block && isItem && coverage >= nearlyAsGood * best.coverage,
  );
  return items.length < 2 ? [] : inOrder(items.slice(0, longestList));
}

/** What a taught answer says, cut to the sentences that the rules allow; its lists stay whole. */
const cut = (passage: Passage, text: string, most: number): string =>
  isWhole(passage) && !text.includes("\n") ? firstSentences(text, most) : text;

interface Said {
  text: string;
  quoted: Passage[];
  /** The text itself says what it quotes. */
  introduced: boolean;
}

function answer(hits: Recalled[], passages: Passage[], manner: Manner): Said {
  const items = chosenItems(hits);
  const [first] = items;
  if (first) {
    return { text: `${first.heading}:\n\n${list(items.map(({ said }) => said))}`, quoted: items, introduced: false };
  }
  const pieces = chosenPieces(hits);
  if (pieces.length > 0) {
    return { text: list(pieces.map(({ text }) => firstSentences(text, 1))), quoted: pieces, introduced: false };
  }
  const quoted = chosen(hits, passages, manner.most);
  return {
    text: quoted.map((passage) => cut(passage, voiced(passage, manner), manner.most)).join(" "),
    quoted,
    introduced: quoted.some(needsIntroduction),
  };
}

/** How the offline brain puts sentences together. */
export const say = { answer, list, ended };
