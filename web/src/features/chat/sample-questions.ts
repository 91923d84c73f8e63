import type { Answers } from "@charlie/contract";

const longest = 90;
const general = ["What can you help me with?", "Who are you?", "What are your rules?"];

const doing =
  /^(answer|book|calculate|check|compare|count|describe|draft|explain|find|give|help|list|look|make|plan|prepare|recommend|remind|rewrite|show|sort|suggest|summari[sz]e|tell|track|translate|turn|write)\b/i;
const properName = /^(mon|tues|wednes|thurs|fri|satur|sun)day/i;

/** "Opening hours" → "opening hours"; names and abbreviations keep their capitals. */
function lowered(text: string): string {
  const [first = "", ...rest] = text;
  const isName = properName.test(text) || /^[^ ]*[A-Z]/.test(rest.join("")) || / [A-Z]/.test(text);
  return isName ? text : first.toLowerCase() + rest.join("");
}

/** The question that a taught line answers, as far as its form tells; `null` where it does not. */
function questionIn(line: string): string | null {
  const plain = line
    .replace(/^[\s>*•·\-–—\d.)#]+/u, "")
    .replaceAll(/[*_`]/g, "")
    .trim();
  const asked = /^(?:q(?:uestion)?\s*:\s*)?([^?:]{4,}\?)/i.exec(plain)?.[1];
  if (asked) return asked;
  const label = /^(\p{L}[^:.?!]{2,40}):(?!\/\/)/u.exec(plain)?.[1];
  if (label && !/^(a|q|answer|question)$/i.test(label)) return `What should I know about ${lowered(label)}?`;
  const sentence = /^[^.!?;]+/.exec(plain)?.[0].trim() ?? "";
  return doing.test(sentence) && sentence.includes(" ") ? `Can you ${lowered(sentence)}?` : null;
}

/**
 * Three questions to begin with: two that the agent's own tricks answer, where they have a form that shows which, and
 * general ones that every agent can answer.
 */
export function sampleQuestions({ tricks }: Pick<Answers, "tricks">): string[] {
  const own = tricks.split("\n").flatMap((line) => questionIn(line) ?? []);
  const short = [...new Set(own)].filter((question) => question.length <= longest);
  return [...short.slice(0, 2), ...general].slice(0, 3);
}
