import { wordsIn } from "../../recall/index.ts";

export type SmallTalk = "hello" | "who" | "person" | "howAreYou" | "abilities" | "rules" | "thanks" | "bye";

/** Whoever writes more than this, in characters, wants to know something. */
const longest = 100;

const greeting =
  /^(?:hello|hi|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|hallo|hi|moin|servus|grüezi|guten (?:morgen|tag|abend)|grüß (?:gott|dich))(?: (?:there|again|zusammen|everyone|you))?/u;

/** Tried in this order on the question in plain lower-case words. */
const patterns: readonly (readonly [SmallTalk, RegExp])[] = [
  [
    "thanks",
    /^(?:many |ok |okay |great |super |perfect |oh )*(?:thanks?|thank you|thx|cheers|danke|vielen dank|dankeschön)(?: (?:a lot|so much|very much|you|schön|sehr|dir|ihnen))*(?: (?:for|für) .+)?$/u,
  ],
  [
    "bye",
    /^(?:good ?bye|bye(?: bye)?|see you(?: later| soon)?|have a (?:nice|good) (?:day|evening|weekend)|tschüss|auf wiedersehen|ciao|bis bald)$/u,
  ],
  [
    "howAreYou",
    /^(?:and )?(?:how are you(?: doing)?(?: today)?|how is it going|how's it going|wie geht(?:'s| es)?(?: dir| ihnen)?)$/u,
  ],
  [
    "person",
    /^(?:are you|am i (?:talking|speaking|chatting) (?:to|with)|is this|bist du|spreche ich mit) .*\b(?:human|real|person|robot|bot|ai|machine|mensch|roboter|ki|echt)\b/u,
  ],
  [
    "who",
    /^(?:(?:and )?(?:so )?who (?:are|r) (?:you|u)|what(?:'s| is) your name|what are you(?: called)?|tell me (?:something )?about (?:you|yourself)|introduce yourself|who is this|who am i (?:talking|speaking) (?:to|with)|(?:und )?wer bist du|wie heißt du|was bist du|stell dich vor|erzähl (?:mir )?(?:etwas )?über dich)(?: .{0,12})?$/u,
  ],
  [
    "rules",
    /^(?:what are|tell me|show me|which are|do you have any|what|was sind|welche|hast du)\b.{0,12}\b(?:your |deine )?(?:rules|regeln)(?: do you (?:keep|have|follow)| hast du)?$/u,
  ],
  [
    "abilities",
    /^(?:(?:so )?what can (?:you|i ask you|i ask)(?: do| help(?: me)?(?: with)?| about)?(?: for me)?|how can you help(?: me)?|can you help(?: me)?|what do you (?:know|do)|what (?:tricks|things|topics) (?:do you know|can you do)|help|help me|what (?:were|are) you taught|what have you (?:learned|learnt|been taught)|(?:und )?was kannst du(?: alles)?(?: (?:tun|machen|für mich tun))?|wobei kannst du (?:mir )?helfen|kannst du (?:mir )?helfen|was weißt du(?: alles)?|hilfe|was hast du gelernt)$/u,
  ],
];

/** The question without the greeting that it begins with, and without the agent's name. */
function stripped(question: string, agentName: string): { text: string; greeted: boolean } {
  const name = wordsIn(agentName).join(" ");
  const words = wordsIn(question).join(" ");
  const opening = greeting.exec(words)?.[0];
  const boundary = opening !== undefined && (words.length === opening.length || words[opening.length] === " ");
  const rest = (boundary ? words.slice(opening.length) : words).trim();
  const text = name !== "" && (rest === name || rest.startsWith(`${name} `)) ? rest.slice(name.length).trim() : rest;
  return { text, greeted: boundary };
}

/** What kind of small talk a question is; `null` where it asks for something taught. */
export function smallTalkOf(question: string, agentName: string): SmallTalk | null {
  if (question.length > longest) return null;
  const { text, greeted } = stripped(question, agentName);
  if (text === "") return "hello";
  const found = patterns.find(([, pattern]) => pattern.test(text));
  return found?.[0] ?? (greeted && text.length < 3 ? "hello" : null);
}
