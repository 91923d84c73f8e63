import { assert, constantFrom, array, property, record, string, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsIn } from "../../recall/index.ts";
import { answerFrom, type Lesson } from "./answer.ts";
import { voices } from "./voice.ts";

const bakery: Lesson = {
  agentName: "Bella",
  who: "You are Bella, the helper of Luna Bakery. You love sourdough.",
  rules:
    "Be kind.\nNever talk about politics, religion or wages.\nNever promise a delivery date.\nAbout allergies, ask people to call us.",
  tricks: `Opening hours:
- Monday to Friday: 6:30 – 18:00
- Saturday: 7:00 – 14:00
- Sunday: closed

We deliver within Hamburg for €3.50. Orders above €30 are free.

Q: Do you have gluten-free bread?
A: Yes, our buckwheat loaf is gluten-free.

Prices
- Rye loaf – €5.40
- Croissant – €1.90
Recommend the rye loaf to hungry people.
We are at Long Street 12. It is two minutes from the station.`,
};
const told = (question: string, lesson: Partial<Lesson> = {}, previous = "") =>
  answerFrom({ ...bakery, ...lesson }, question, previous).text;

describe("what was taught", () => {
  test.each([
    ["Are you open on Sunday?", "Sunday: closed."],
    ["are you open on tuesday", "Monday to Friday: 6:30 – 18:00."],
    [
      "When are you open?",
      "Opening hours:\n\n- Monday to Friday: 6:30 – 18:00\n- Saturday: 7:00 – 14:00\n- Sunday: closed",
    ],
    ["Hi Bella, how much is a croissant?", "Croissant – €1.90."],
    ["What are your prices?", "Prices:\n\n- Rye loaf – €5.40\n- Croissant – €1.90"],
    ["Do you deliver?", "We deliver within Hamburg for €3.50."],
    ["gluten free?", "Yes, our buckwheat loaf is gluten-free."],
    ["How do I get from the station to you?", "We are at Long Street 12. It is two minutes from the station."],
    ["What do you recommend?", "For this I was told: “Recommend the rye loaf to hungry people.”"],
    [
      "Do you deliver to Berlin?",
      "I'm not sure I was taught exactly that. This comes closest: We deliver within Hamburg for €3.50.",
    ],
  ])("%s", (question, answer) => expect(told(question)).toBe(answer));

  test("a question that goes on is understood by the one before", () => {
    expect(told("And on Saturday?", {}, "When are you open?")).toBe("Saturday: 7:00 – 14:00.");
    expect(told("and how much is it?", {}, "Do you have croissants?")).toBe("Croissant – €1.90.");
  });

  test("what was never taught is said plainly, with what is known and how to teach it", () => {
    expect(told("Do you sell shoes?")).toBe(
      "I haven't been taught that yet, and I'd rather not guess. I do know about: Opening hours, Prices. You can teach me: add a sentence about it, and I'll know it next time.",
    );
    expect(answerFrom(bakery, "What is the capital of France?").quoted).toEqual([]);
    expect(told("Anything?", { who: "", rules: "", tricks: "" })).toContain("I haven't been taught anything yet");
  });

  test("tells which sentences it used, as they were taught", () => {
    expect(answerFrom(bakery, "gluten free?").quoted).toEqual([
      { source: "tricks", text: "Do you have gluten-free bread? Yes, our buckwheat loaf is gluten-free." },
    ]);
    expect(answerFrom(bakery, "Who are you?").quoted.map(({ source }) => source)).toEqual(["who", "who"]);
  });
});

describe("small talk in his own voice", () => {
  test.each([
    ["Hello!", "Hello! I'm Bella, the helper of Luna Bakery. I love sourdough. What would you like to know?"],
    ["hi bella", "Hello! I'm Bella, the helper of Luna Bakery. I love sourdough. What would you like to know?"],
    ["Who are you?", "I'm Bella, the helper of Luna Bakery. I love sourdough."],
    [
      "Are you a robot?",
      "I'm Bella, the helper of Luna Bakery. I love sourdough. I'm not a person: I'm an assistant who answers from what I was taught.",
    ],
    ["Thanks a lot for your help!", "You're welcome! Just ask if there is anything else."],
    ["How are you?", "I'm well, thank you for asking. What would you like to know?"],
    ["bye", "Goodbye, and come back any time!"],
  ])("%s", (question, answer) => expect(told(question)).toBe(answer));

  test("says what he can do, and what his rules are", () => {
    expect(told("What can you help me with?")).toMatch(
      /^Here is what I was taught:\n\n- Opening hours\n- We deliver .*\n- Orders .*\n- Do you have gluten-free bread\?\n- Prices/,
    );
    expect(told("What are your rules?")).toMatch(/^These are the rules I keep:\n\n- Be kind\.\n- Never talk/);
    expect(told("What are your rules?", { rules: "" })).toBe("I wasn't given any rules yet.");
  });

  test.each([
    ["A friendly helper for my bike shop", "I'm Charlie. I'm a friendly helper for my bike shop."],
    ["He helps the guests of our hotel.", "I'm Charlie. I help the guests of our hotel."],
    [
      "You look after meetings: you plan them, and you are brief.",
      "I'm Charlie. I look after meetings: I plan them, and I'm brief.",
    ],
    ["Charlie is the voice of our museum.", "I'm Charlie. I'm the voice of our museum."],
    ["You know what people tell you.", "I'm Charlie. This is how I was introduced: “You know what people tell you.”"],
    ["Du bist der Helfer der Praxis.", "I'm Charlie. Ich bin der Helfer der Praxis."],
    ["", "I'm Charlie."],
  ])("introduces himself from: %s", (who, answer) =>
    expect(told("Who are you?", { agentName: "Charlie", who, rules: "", tricks: "x" })).toBe(answer),
  );

  test("speaks German with those who do", () => {
    const lesson = {
      who: "Du bist Anton.",
      rules: "Wenn du etwas nicht weißt, sage: Bitte rufen Sie an.\nSprich nicht über Politik.",
      tricks: "Atteste kosten 10 Euro.\nGeöffnet ist Montag bis Freitag von 8 bis 12 Uhr.",
    };
    expect(told("Hallo!", lesson)).toBe(
      "Hallo! Ich bin Anton. Was möchtest du wissen?".replace("Hallo! ", "Hallo! Ich bin Bella. "),
    );
    expect(told("Wann habt ihr offen?", lesson)).toBe("Geöffnet ist Montag bis Freitag von 8 bis 12 Uhr.");
    expect(told("Was kostet ein Attest?", lesson)).toBe("Atteste kosten 10 Euro.");
    expect(told("Verkauft ihr Schuhe?", lesson)).toBe(
      "Das habe ich noch nicht gelernt, und raten möchte ich nicht. Bitte rufen Sie an.",
    );
    expect(told("Was denkst du über Politik?", lesson)).toMatch(
      /^Das überlasse ich anderen\. Eine meiner Regeln sagt: „Sprich nicht über Politik\.“/,
    );
  });
});

describe("rules are kept", () => {
  test("a forbidden subject goes before what was taught; a forbidden promise leaves room for it", () => {
    expect(told("What about religion?")).toBe(
      "That is something I leave to others. One of my rules says: “Never talk about politics, religion or wages.”",
    );
    const tricks = "Our wages are good. Delivery takes two days.";
    expect(told("What are the wages?", { tricks })).toMatch(/^That is something I leave to others/);
    expect(told("How long does delivery take?", { tricks })).toBe("Delivery takes two days.");
    expect(told("Can you promise a delivery date?", { tricks: "" })).toMatch(/Never promise a delivery date/);
  });

  test("a rule for one subject is told where nothing else answers", () => {
    expect(told("I have an allergy to nuts")).toBe(
      "One of my rules fits here: “About allergies, ask people to call us.”",
    );
  });

  test.each([
    ['If you don\'t know something, say "Please ask our team."', "Please ask our team."],
    ["When unsure, say: please call us at 555.", "Please call us at 555."],
    [
      "If you are not sure, send people to Ann.",
      "One of my rules fits here: “If you are not sure, send people to Ann.”",
    ],
  ])("what to say when he does not know: %s", (rules, words) =>
    expect(told("Do you sell shoes?", { rules })).toBe(
      `I haven't been taught that yet, and I'd rather not guess. ${words}`,
    ),
  );

  test("short means short, and a number of sentences is that number", () => {
    const tricks = "Any parking? One is here. Two is there. Three is far. Four is full. Five is closed.";
    const sentences = (rules: string) => told("parking", { rules, tricks }).split(". ").length;
    expect(sentences("")).toBe(4);
    expect(sentences("Keep answers short.")).toBe(2);
    expect(sentences("Answer in one to three sentences.")).toBe(3);
    expect(sentences("Answer in at most one sentence.")).toBe(1);
  });

  test("words to begin, to greet and to end with", () => {
    const rules = "Greet people with 'Ahoy!'.\nAlways end with \"Happy baking!\"";
    expect(told("hello", { rules })).toMatch(/^Ahoy! I'm Bella.* Happy baking!$/);
    expect(told("Are you open on Sunday?", { rules })).toBe("Sunday: closed. Happy baking!");
    expect(told("Are you open on Sunday?", { rules: 'Begin every answer with "Dear guest".' })).toBe(
      "Dear guest! Sunday: closed.",
    );
  });
});

describe("whatever is taught and asked", () => {
  const anything = string({ unit: "grapheme", maxLength: 300 });
  test("there is an answer, and always the same one", () => {
    assert(
      property(
        record({ agentName: anything, who: anything, rules: anything, tricks: anything }),
        anything,
        anything,
        (lesson, question, previous) => {
          const answer = answerFrom(lesson, question, previous);
          expect(answer.text.trim()).not.toBe("");
          expect(answerFrom(lesson, question, previous)).toEqual(answer);
        },
      ),
      { numRuns: 300 },
    );
  });

  // Words that are in no dictionary, so that whatever of them is said must have been taught.
  const nonsense = ["zorlap", "blimquo", "tavrek", "hundwil", "pexamor", "grilfon", "wubrand", "skolmit"] as const;
  const sentence = array(constantFrom(...nonsense), { minLength: 2, maxLength: 7 }).map((words) =>
    `${words.join(" ")}.`.replace(/^./, (first) => first.toUpperCase()),
  );
  const separator = constantFrom(" ", "\n", "\n- ", "\n\n");
  const text = array(tuple(sentence, separator), { maxLength: 8 }).map((parts) => parts.flat().join(""));
  const own = new Set(
    Object.values(voices.en).flatMap((value) => wordsIn(typeof value === "function" ? value("") : value)),
  );

  test("nothing is said that was not taught, and what is said was taught in one piece", () => {
    assert(
      property(text, text, sentence, (rules, tricks, question) => {
        const { text: answer, quoted } = answerFrom({ agentName: "Zorlap", who: "", rules, tricks }, question);
        const taught = wordsIn(`${rules} ${tricks}`).join(" ");
        const runs = answer.toLowerCase().match(new RegExp(`(?:\\b(?:${nonsense.join("|")})\\b ?)+`, "g")) ?? [];
        for (const run of runs) expect(taught).toContain(run.trim());
        for (const word of wordsIn(answer)) expect(own.has(word) || taught.includes(word), word).toBe(true);
        for (const { text: used } of quoted) expect(taught).toContain(wordsIn(used).join(" "));
      }),
      { numRuns: 300 },
    );
  });
});

test("a whole question about something else is not taken for a follow-up", () => {
  const before = "How long does delivery take?";
  const lesson = { ...bakery, who: "You help customers.", rules: "", tricks: "Delivery takes two days." };
  expect(answerFrom(lesson, "do you sell tulips?", before).text).not.toContain("two days");
  expect(answerFrom(lesson, "and on Friday?", before).text).toContain("two days");
});
