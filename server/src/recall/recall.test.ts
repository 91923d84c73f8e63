import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { passagesOf, recall, sentencesOf, wordsIn } from "./index.ts";
import { stem } from "./words.ts";

describe("sentences", () => {
  test.each<[string, string[]]>([
    ["We open at 9 a.m. Monday to Friday. Come in!", ["We open at 9 a.m. Monday to Friday.", "Come in!"]],
    ["Ask Dr. Weber, e.g. by phone. He is kind.", ["Ask Dr. Weber, e.g. by phone.", "He is kind."]],
    ["Es kostet ca. 5 Euro, z. B. am 3. Mai. Danke.", ["Es kostet ca. 5 Euro, z. B. am 3. Mai.", "Danke."]],
    ["It costs 3.50 now. See www.example.org for more.", ["It costs 3.50 now.", "See www.example.org for more."]],
    ['He said "Stop." Then he left', ['He said "Stop."', "Then he left"]],
    ["  ", []],
  ])("%s", (text, sentences) => expect(sentencesOf(text)).toEqual(sentences));

  test("nothing but white space is lost", () => {
    const bare = (text: string) => text.replaceAll(/\s+/gu, "");
    assert(
      property(string({ unit: "grapheme", maxLength: 200 }), (text) => {
        expect(bare(sentencesOf(text).join(""))).toBe(bare(text));
      }),
    );
  });
});

test.each([
  ["cakes", "cake"],
  ["deliveries", "delivery"],
  ["deliver", "delivery"],
  ["shipping", "ship"],
  ["opened", "open"],
  ["boxes", "box"],
  ["children", "child"],
  ["kept", "keep"],
  ["Öffnungszeit", "oeffnungszeiten"],
  ["Größe", "grösse"],
  ["Torten", "Torte"],
  ["Preise", "Preis"],
  ["bakery's", "bakery"],
])("%s and %s are the same word", (one, other) => expect(stem(one)).toBe(stem(other)));

test.each([
  ["cake", "care"],
  ["bread", "break"],
  ["bus", "bun"],
  ["return", "turn"],
])("%s and %s are not", (one, other) => expect(stem(one)).not.toBe(stem(other)));

describe("reading what was taught", () => {
  const read = (text: string) =>
    passagesOf("tricks", text).map(({ said, asked, label, heading }) => ({
      said,
      ...(asked && { asked }),
      ...(label && { label }),
      ...(heading && { heading }),
    }));

  test("lists under a heading, until the paragraph ends", () => {
    expect(read("Opening hours:\n- Monday: 9 to 5\n* Sunday: closed\n\nWe love bread. You too?")).toEqual([
      { said: "Monday: 9 to 5", heading: "Opening hours" },
      { said: "Sunday: closed", heading: "Opening hours" },
      { said: "We love bread." },
    ]);
  });

  test("a heading of Markdown holds until the next", () => {
    expect(
      read("# Prices\n\nBread is €4.\n\nRolls are €1.\n## Rest\n1. One\n2. Two\n24. December is a holiday."),
    ).toEqual([
      { said: "Bread is €4.", heading: "Prices" },
      { said: "Rolls are €1.", heading: "Prices" },
      { said: "One", heading: "Rest" },
      { said: "Two", heading: "Rest" },
      { said: "24. December is a holiday.", heading: "Rest" },
    ]);
  });

  test("questions with their answers, in each of the usual forms", () => {
    expect(read("Q: Do you deliver?\nA: Yes, daily.\nWithin town.\n\nQ: Parking? A: Behind the house.")).toEqual([
      { said: "Yes, daily.\nWithin town.", asked: "Do you deliver?" },
      { said: "Behind the house.", asked: "Parking?" },
    ]);
    expect(read("Do you bake cakes? Yes. Order early. Any bread? Of course.")).toEqual([
      { said: "Yes. Order early.", asked: "Do you bake cakes?" },
      { said: "Of course.", asked: "Any bread?" },
    ]);
    expect(read("How long is it open?\n\nUntil six.\n\nAnd so on.")).toEqual([
      { said: "Until six.", asked: "How long is it open?" },
      { said: "And so on." },
    ]);
    expect(read('If someone asks about parking, say: "it is free."')).toEqual([
      { said: "It is free.", asked: "parking" },
    ]);
  });

  test("a question that was never answered teaches nothing", () => {
    expect(read("Do you deliver?")).toEqual([]);
  });

  test("labels name what they stand before; hours keep theirs; gaps are left out", () => {
    expect(
      read(
        "Delivery: We send it on the same day. It is quick.\nOpen: Monday to Friday until six.\nAddress: [your address]",
      ),
    ).toEqual([
      { said: "We send it on the same day. It is quick.", label: "Delivery" },
      { said: "Open: Monday to Friday until six.", label: "Open" },
    ]);
  });

  test("lines broken in mid-sentence are one", () => {
    const pasted = "Every Friday before noon we deliver our bread, our cakes\nand rolls within town.\nCall us.";
    expect(read(pasted)).toEqual([
      { said: "Every Friday before noon we deliver our bread, our cakes and rolls within town." },
      { said: "Call us." },
    ]);
  });

  test("short lines stay what they are: one thing each, however they are written", () => {
    const lines = ["we open mo-sa 8-18, sunday closed", "bouquets from 15 euro", "we deliver inside bremen for 5 euro"];
    expect(read(lines.join("\n"))).toHaveLength(3);
  });
});

describe("ranking", () => {
  const tricks = `Monday to Friday from 8 to 6, Saturday from 9 to 1.
We bake fresh rye bread every morning.
Delivery within Hamburg is €3.
Gluten-free rolls have to be ordered.
Die Öffnungszeiten am Feiertag stehen an der Tür.
Call 040 1234567 or write to shop@example.org.`;
  const best = (question: string) => recall({ tricks }, question)[0]?.text;

  test.each([
    ["Do you have bread?", "We bake fresh rye bread every morning."],
    ["fresh breead?", "We bake fresh rye bread every morning."],
    ["are you open on wednesday?", "Monday to Friday from 8 to 6, Saturday from 9 to 1."],
    ["at the weekend?", "Monday to Friday from 8 to 6, Saturday from 9 to 1."],
    ["how much is shipping", "Delivery within Hamburg is €3."],
    ["glutenfree", "Gluten-free rolls have to be ordered."],
    ["oeffnungszeit feiertage", "Die Öffnungszeiten am Feiertag stehen an der Tür."],
    ["What is your phone number?", "Call 040 1234567 or write to shop@example.org."],
    ["What is the capital of France?", undefined],
    ["the and of", undefined],
  ])("%s", (question, sentence) => expect(best(question)).toBe(sentence));

  test("each sentence is found by its own words, first of all", () => {
    for (const { text } of passagesOf("tricks", tricks)) expect(best(wordsIn(text).join(" "))).toBe(text);
  });

  test("tricks go before rules, rules before who", () => {
    const same = "We sell tulips here.";
    expect(recall({ who: same, rules: same, tricks: same }, "tulips?").map(({ source }) => source)).toEqual([
      "tricks",
      "rules",
      "who",
    ]);
  });
});
