/**
 * What people ask for in other words than those it was taught in: "What does it cost?" and "Haircut – €35". A concept is
 * one more word (it begins with §) on both sides. English and German.
 */
const groups = {
  price: `price pricing cost costs charge fee rate tariff cheap expensive afford preis preise kosten kostet gebühr tarif
    teuer billig`,
  hours: `open opening opened close closed closing visit öffnungszeiten öffnungszeit geöffnet offen öffnen öffnet
    geschlossen schließen schließt`,
  place: `where address located location find directions street wo adresse standort straße anfahrt finde findet befindet`,
  contact: `contact phone telephone call number email mail reach kontakt telefon anrufen telefonnummer nummer erreichen
    erreiche`,
  delivery: `deliver delivery deliveries delivered ship ships shipping shipment shipped dispatch liefern liefert lieferung
    lieferzeit versand versenden verschicken`,
  return: `return returns returned refund refunds exchange umtausch umtauschen rückgabe zurückgeben zurücksenden erstattung
    zurück`,
  pay: `pay paying payment payments paid card cash paypal invoice zahlen zahlung bezahlen bezahlung karte bar rechnung`,
  book: `book booking appointment reserve reservation reservieren reservierung termin buchen buchung`,
  cancel: `cancel cancellation cancelled absagen stornieren stornierung kündigen kündigung`,
  tracking: "track tracking sendungsverfolgung verfolgen",
  weekend: "weekend weekends wochenende wochenenden",
} as const;

const days = [
  ["monday", "mon", "montag", "mo"],
  ["tuesday", "tue", "tues", "dienstag", "di"],
  ["wednesday", "wed", "mittwoch", "mi"],
  ["thursday", "thu", "thurs", "donnerstag", "do"],
  ["friday", "fri", "freitag", "fr"],
  ["saturday", "sat", "samstag", "sonnabend", "sa"],
  ["sunday", "sun", "sonntag", "so"],
] as const;

const byWord = new Map<string, string[]>();
const put = (word: string, concept: string) => byWord.set(word, [...(byWord.get(word) ?? []), concept]);
for (const [concept, words] of Object.entries(groups)) for (const word of words.split(/\s+/)) put(word, `§${concept}`);
// The two-letter German days are words of their own in both languages ("do", "so"): only ranges below read them.
for (const [index, names] of days.entries()) for (const name of names) if (name.length > 2) put(name, `§day${index}`);
for (const word of ["weekend", "weekends", "wochenende", "wochenenden"])
  for (const day of [5, 6]) put(word, `§day${day}`);

/** The concepts of one word in lower case. */
export const conceptsOf = (word: string): readonly string[] =>
  byWord.get(word.replace(/s$/, "")) ?? byWord.get(word) ?? [];

const dayNames = days.flatMap((names, index) => names.map((name) => [name, index] as const));
const dayPattern = dayNames
  .map(([name]) => `${name}s?`)
  .toSorted((a, b) => b.length - a.length)
  .join("|");
const range = new RegExp(
  String.raw`\b(${dayPattern})\.?\s*(?:-|–|—|to|until|till|through|bis)\s*(${dayPattern})\b`,
  "giu",
);
const indexOf = (name: string): number =>
  dayNames.find(([day]) => day === name.toLowerCase() || `${day}s` === name.toLowerCase())?.[1] ?? 0;

const looks: readonly (readonly [string, RegExp])[] = [
  ["§price", /[€$£¥]|\b(?:eur|euros?|usd|dollars?|chf|franken|cents?)\b|\bfree of charge\b|\bkostenlos\b|\bgratis\b/iu],
  ["§hours", /\b\d{1,2}(?:[:.]\d\d)?\s*(?:[ap]\.?m\b|uhr\b|o'clock)|\b\d{1,2}:\d\d\b/iu],
  [
    "§hours",
    new RegExp(String.raw`\b(?:${dayPattern})\b[^.!?]*\d|\b(?:${dayPattern})\b\s*:?\s*(?:closed|geschlossen)`, "iu"),
  ],
  ["§hours", /(?<!\b(?:\d+|one|two|three|four|six|eight|twelve|few|many|of)\s)\bhours\b/iu],
  [
    "§duration",
    /\b(?:\d+|an?|one|two|three|four|five|six|few|ein|eine|einen|zwei|drei|vier)\s+(?:\p{L}+ )?(?:minute|hour|day|week|month|year|stunde|tag|woche|monat|jahr)\p{L}*|\bhow long\b|\bwie lange\b/iu,
  ],
  ["§contact", /\S@\S+\.\w|\+?\d[\d /()-]{6,}\d|https?:|\bwww\./iu],
  ["§place", /\b(?:street|road|avenue|lane|square|platz|allee)\b|(?:straße|str\.|gasse|weg)\s*\d|\b\d{5} \p{Lu}/u],
];

/** The concepts that a whole sentence shows by its form: amounts, clock times, telephone numbers, ranges of days. */
export function conceptsIn(sentence: string): string[] {
  const found = looks.filter(([, look]) => look.test(sentence)).map(([concept]) => concept);
  for (const [, from = "", to = ""] of sentence.matchAll(range)) {
    for (let day = indexOf(from); ; day = (day + 1) % 7) {
      found.push(`§day${day}`);
      if (day === indexOf(to)) break;
    }
  }
  if (/\b(?:daily|every day|all week|täglich|jeden tag)\b/iu.test(sentence))
    found.push(...days.map((_, day) => `§day${day}`));
  if (/\b(?:weekdays|werktags|wochentags)\b/iu.test(sentence)) found.push("§day0", "§day1", "§day2", "§day3", "§day4");
  return [...new Set(found)];
}
