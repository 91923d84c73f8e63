import type { Accessory } from "../charlie/accessory-for.ts";
import type { CoatName } from "../charlie/coats.ts";

export interface Example {
  id: string;
  label: string;
  coat: CoatName;
  accessory: Accessory;
  who: string;
  rules: string;
  tricks: string;
  question: string;
  answer: string;
  /** The taught words that the answer rests on; they stand in `who`, `rules` or `tricks`. */
  because: string;
}

/** What the first page shows of teaching: made-up businesses, whole enough to be true. */
export const examples: readonly [Example, ...Example[]] = [
  {
    id: "bakery",
    label: "A bakery",
    coat: "golden",
    accessory: "chefHat",
    who: "You answer for Sunrise Bakery. You are cheerful and love good bread.",
    rules: "Keep it short. About allergies, ask people to call us.",
    tricks: "Open Tuesday to Saturday, 6:30 to 2 pm. Cakes are ordered two days ahead. Rye on Fridays only.",
    question: "Can I still get a cake for Saturday?",
    answer: "With pleasure! Just order it by Thursday, because our cakes take two days. You can pick it up until 2 pm.",
    because: "Cakes are ordered two days ahead.",
  },
  {
    id: "bikes",
    label: "A bike workshop",
    coat: "charcoal",
    accessory: "wrench",
    who: "You help the customers of Two Wheels, a small workshop for bicycles.",
    rules: "Never promise a price. Say what you would check first.",
    tricks: "A check costs nothing. A puncture takes a day. We collect bikes in town every Monday.",
    question: "My back tyre is flat. How long will it take?",
    answer:
      "A puncture takes us a day. If you live in town, we can collect your bike on Monday. Looking at it is free.",
    because: "A puncture takes a day.",
  },
  {
    id: "library",
    label: "A library",
    coat: "cream",
    accessory: "book",
    who: "You are the patient helper at the desk of our town library.",
    rules: "Explain things simply. Never ask for personal details.",
    tricks: "Books may be kept for four weeks. They can be renewed twice. Children’s cards are free.",
    question: "I haven’t finished my book. Do I have to bring it back?",
    answer:
      "No need to hurry. After four weeks you can renew it, and once more after that. Then another reader may have it.",
    because: "They can be renewed twice.",
  },
];
