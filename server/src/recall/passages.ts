import type { UsedSentence } from "@charlie/contract";
import { sentencesOf } from "./sentences.ts";

/** A piece of teaching that can stand alone in an answer. */
export interface Passage extends UsedSentence {
  /** What of `text` is said: without the question that it answers. */
  said: string;
  /** The question or topic that it answers; empty where it is a plain sentence. */
  asked: string;
  /** "Delivery: We send …": the word before the colon; empty where there is none. */
  label: string;
  /** The heading that it stands under; empty where there is none. */
  heading: string;
  /** Sentences of one paragraph, or the items under one heading, share a block. */
  block: number;
  /** Its place in the whole text. */
  index: number;
  isItem: boolean;
}

interface Line {
  text: string;
  kind: "blank" | "heading" | "item" | "prose";
  /** A heading of Markdown holds until the next one, others until the paragraph ends. */
  lasting: boolean;
}

const bold = /^(?:\*\*|__)(.+?)(?:\*\*|__)(?=$|[\s:])/u;
const mark = /^(?:[-*•–—▪◦+]|\p{Extended_Pictographic}️?|(\d{1,2})[.)]|[a-z]\))\s+(.+)$/u;

/** Tells headings, items and prose apart. Numbers count as marks only where they count up: "24. December" is a date. */
function linesOf(text: string): Line[] {
  let expected = 1;
  const rows = text.split(/\r?\n/u).map((row) => row.replaceAll(/\s+/gu, " ").trim());
  return rows.map((row, index): Line => {
    if (row === "" || /^(?:[-*_=]\s?){3,}$/u.test(row)) return { text: "", kind: "blank", lasting: false };
    const hashes = /^#{1,6}\s+(.+?)\s*#*$/u.exec(row)?.[1];
    if (hashes) return { text: hashes.replace(/:$/u, ""), kind: "heading", lasting: true };
    const marked = mark.exec(row);
    const number = marked?.[1];
    if (number !== undefined && Number(number) === expected) expected += 1;
    else if (number !== undefined && Number(number) !== 1) return { text: row, kind: "prose", lasting: false };
    else expected = number === undefined ? 1 : 2;
    const plain = (marked?.[2] ?? row).replace(bold, "$1");
    const next = rows.slice(index + 1).find((other) => other !== "") ?? "";
    if (!/[.!?]\s/u.test(plain) && plain.length <= 80) {
      if (/[^:]:$/u.test(plain) && next !== "") return { text: plain.slice(0, -1), kind: "heading", lasting: false };
      const short = plain.length <= 50 && /[\p{L}\p{N})]$/u.test(plain) && !marked;
      if (short && (mark.test(next) || bold.exec(row)?.[0] === row))
        return { text: plain, kind: "heading", lasting: false };
    }
    return { text: plain, kind: marked ? "item" : "prose", lasting: false };
  });
}

const questionMark = /^(?:q|question|f|frage)\s*:\s*/iu;
const answerMark = /^(?:a|answer|antwort)\s*:\s*/iu;
const answerInside = /\s+(?:a|answer|antwort)\s*:\s+/iu;

/** "If somebody asks about parking, say: …": the topic and what to say. */
const sayWhenAsked =
  /^(?:if|when|whenever)\s+.{0,40}?\b(?:asks?|asked|wants? to know)\b\s*(?:you\s+)?(?:about|for|if|whether|how|what|when|where|why)?\s*(.{2,80}?)\s*[,:]\s*(?:then\s+)?(?:say|tell\s+(?:them|him|her|people)(?!\s+to\b)|answer|reply|respond)\s*(?:that|with)?\s*[:,]?\s*(.+)$/iu;
const sagWennGefragt =
  /^wenn\s+.{0,40}?\b(?:nach|ob|wie|was|wann|wo)\s+(.{2,80}?)\s+(?:fragt|fragen|gefragt wird)\s*,\s*(?:dann\s+)?(?:sag|sage|antworte)\s*[:,]?\s*(.+)$/iu;

/** "Delivery: We send parcels every day.": a name and what there is to say about it, not "Monday: closed". */
const labelled = /^(\p{L}[^:.!?[\]"“”]{1,48}):\s+(\S+(?:\s+\S+){3,}[.!)])$/u;
/** Hours and prices are not understood without their label. */
const leansOnLabel =
  /^(?:[\d€$£]|(?:mon|tue|wed|thu|fri|sat|sun|die|mit|don|fre|sam|son|daily|from|täglich|ab)\p{L}*\b)/iu;
/** What is left open in ready-made words: "[your e-mail address]". */
const gap = /^(?:[^:.,[\]]{1,48}:\s*)?\[[^\]]*\][.!]?$/u;

const unquoted = (text: string): string => /^["“„'«](.+?)["”“'»]\.?$/u.exec(text)?.[1] ?? text;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Reads one of the three answers into passages: prose, lists, headings, "Q:/A:" and "Question? Answer." pairs. */
export function passagesOf(source: UsedSentence["source"], text: string): Passage[] {
  const passages: Passage[] = [];
  let heading = "";
  let lasting = false;
  let block = 0;
  let open: { question: string; answer: string[]; blanks: number } | null = null;

  const add = (said: string, { asked = "", label = "", whole = said, isItem = false } = {}): void => {
    if (gap.test(said)) return;
    const taught = asked === "" ? (sayWhenAsked.exec(said) ?? sagWennGefragt.exec(said)) : null;
    passages.push({
      source,
      text: whole,
      said: taught?.[2] ? capital(unquoted(taught[2])) : said,
      asked: taught?.[1] ?? asked,
      label,
      heading,
      block,
      index: passages.length,
      isItem,
    });
  };
  /** Sentences, with each question taken together with what follows it. */
  const addProse = (prose: string, isItem: boolean): void => {
    const [, label = "", rest = ""] = (source === "tricks" && labelled.exec(prose)) || [];
    if (label !== "" && !rest.includes("?")) {
      add(leansOnLabel.test(rest) ? prose : rest, { label, whole: prose, isItem });
      return;
    }
    let question = "";
    let answer: string[] = [];
    const flush = () => {
      const said = answer.join(" ");
      if (question !== "" && said !== "") add(said, { asked: question, whole: `${question} ${said}`, isItem });
      else if (question !== "") open = { question, answer: [], blanks: 0 };
      question = "";
      answer = [];
    };
    for (const sentence of sentencesOf(prose)) {
      if (sentence.endsWith("?")) {
        flush();
        question = sentence;
      } else if (question === "") add(sentence, { isItem });
      else answer.push(sentence);
    }
    flush();
  };
  const close = (): void => {
    if (!open) return;
    const { question, answer } = open;
    const said = answer.join("\n");
    // A question that nobody answered teaches nothing.
    if (said !== "") add(said, { asked: question, whole: `${question} ${said}` });
    open = null;
  };

  for (const { text: line, kind, lasting: lasts } of joinWrapped(linesOf(text))) {
    if (kind === "blank") {
      if (open && (open.answer.length > 0 || (open.blanks += 1) > 1)) close();
      if (!open && !lasting && passages.at(-1)?.heading === heading) heading = "";
      block += 1;
    } else if (kind === "heading" && !questionMark.test(line)) {
      close();
      if (line.endsWith("?")) open = { question: line, answer: [], blanks: 0 };
      else [heading, lasting] = [line, lasts];
      block += 1;
    } else if (questionMark.test(line)) {
      close();
      const [question = "", ...answer] = line.replace(questionMark, "").split(answerInside);
      open = { question, answer: answer.length > 0 ? [answer.join(" ")] : [], blanks: 0 };
    } else if (open && (answerMark.test(line) || !/\?(?:\s|$)/u.test(line))) {
      open.answer.push(line.replace(answerMark, "").trim());
    } else {
      close();
      addProse(line, kind === "item");
    }
  }
  close();
  return passages;
}

/** A line that was broken for want of room is about this long, in characters; shorter ones end where their writer wanted. */
const fullLine = 50;

/** Text pasted from elsewhere is often broken in mid-sentence: such lines are one. */
function joinWrapped(lines: Line[]): Line[] {
  const joined: Line[] = [];
  let broken = false;
  for (const line of lines) {
    const last = joined.at(-1);
    const goesOn =
      last && line.kind === "prose" && (last.kind === "prose" || last.kind === "item") && /^\p{Ll}/u.test(line.text);
    if (goesOn && broken && !/[.!?:;"”)]$/u.test(last.text)) last.text += ` ${line.text}`;
    else joined.push({ ...line });
    broken = line.text.length >= fullLine;
  }
  return joined;
}
