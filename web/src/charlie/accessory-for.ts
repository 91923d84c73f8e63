export const accessories = [
  "none",
  "headset",
  "chefHat",
  "glasses",
  "stethoscope",
  "briefcase",
  "pencil",
  "hardHat",
  "mortarboard",
  "megaphone",
  "magnifier",
  "calculator",
  "calendar",
  "bowTie",
  "beret",
  "strawHat",
  "flower",
  "book",
  "shoppingBag",
  "wrench",
] as const;
export type Accessory = (typeof accessories)[number];

/** Beginnings of words, English and German, by the thing that somebody in that job would wear or carry. */
const wordBeginnings: Record<Exclude<Accessory, "none">, string> = {
  headset:
    "support helpdesk hotline callcent complain customer client ticket service reclam return refund kunde beschwerde hilfe anfrage reklam rückgabe",
  chefHat:
    "recipe cook chef kitchen bak bread cake restaurant menu pizza food meal dish café cafe bistro cater ingredient koch köch küche rezept bäck brot kuchen gericht speise essen",
  glasses:
    "document contract pdf law legal lawyer attorney privacy terms policy policies notary dokument vertrag recht gesetz anwalt datenschutz unterlagen",
  stethoscope:
    "doctor patient medic clinic nurse pharmac health hospital dentist therap vet veterinar symptom arzt ärzt praxis pflege apothek gesund klinik zahn krank",
  briefcase:
    "sales sell selling business consult deal lead negotiat offer proposal crm invest insur bank vertrieb verkauf beratung berater angebot geschäft firma versicher",
  pencil:
    "writ text copywrit blog article edit newsletter letter author story stories poem proofread schreib texte artikel autor brief geschichte lektor",
  hardHat:
    "build construct architect roof concrete site plumb electric carpent mason crane bau baustelle handwerk dach elektri klempner maurer zimmer",
  mortarboard:
    "teach tutor school student universit learn lesson exam expert profess homework math maths quiz lehr schule schüler lern student prüfung hausaufgabe experte dozent",
  megaphone:
    "market advert campaign brand social instagram tiktok facebook linkedin slogan press promot seo werbung kampagne marke anzeige presse",
  magnifier:
    "research search investigat find detect analys compare fact source science scientif study studies recherch such forsch wissenschaft quelle vergleich",
  calculator:
    "data number account tax taxes invoice bookkeep budget financ spreadsheet excel table statistic calculat math daten zahlen steuer rechnung buchhalt finanz tabelle rechne",
  calendar:
    "meeting appointment calendar schedul book booking reserv event agenda minutes plan planner remind termin kalender treffen besprech protokoll veranstalt erinner",
  bowTie:
    "hotel concierge wait waiter bar wine wedding butler guest reception host party parties hochzeit wein gast gäste rezeption empfang kellner",
  beret:
    "art artist design paint draw draws drawing photo museum gallery fashion illustrat music film kunst künstler maler zeichn mode musik galerie",
  strawHat:
    "travel trip holiday vacation tour tourist beach hike flight farm harvest reise urlaub ferien wander strand bauernhof ernte flug",
  flower:
    "flower florist garden plant bouquet nature yoga wellness beauty spa cosmetic hair blume garten pflanz natur schönheit kosmetik friseur haar",
  book: "librar read reader books novel literatur history bibliothek buch bücher lesen leser roman handbuch manual",
  shoppingBag:
    "shop store shopify order product deliver shipping parcel cart boutique ecommerce laden produkt bestell liefer versand paket ware geschenk gift",
  wrench:
    "repair mechanic garage car cars bike bicycle machine technic install maint workshop tool reparat werkstatt auto fahrrad maschine technik montage wartung",
};

const beginningsOf = new Map(
  Object.entries(wordBeginnings).map(([accessory, words]) => [accessory as Accessory, words.split(" ")]),
);

/** Short beginnings ("art", "car", "bau") must be the whole word, or "article" would fetch a beret. */
function begins(word: string, beginning: string): boolean {
  return beginning.length < 4 ? word === beginning : word.startsWith(beginning);
}

/**
 * What Charlie wears for a job that is described in words: the accessory that most of its words speak for, the earlier
 * one in `accessories` where two are level, `none` where no word is known.
 */
export function accessoryFor(text: string): Accessory {
  const words = text.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu) ?? [];
  let best: Accessory = "none";
  let most = 0;
  for (const [accessory, beginnings] of beginningsOf) {
    const score = words.filter((word) => beginnings.some((beginning) => begins(word, beginning))).length;
    if (score > most) {
      best = accessory;
      most = score;
    }
  }
  return best;
}
