import type { Answers } from "@charlie/contract";

export const wizardSteps = ["who", "rules", "tricks", "name"] as const;
export type WizardStep = (typeof wizardSteps)[number];

export interface StepWords {
  /** In the row of steps. */
  short: string;
  question: string;
  lead: string;
  placeholder: string;
  /** What the preview asks while this step is filled in. */
  ask: string;
  /** Sentences that can be taken over with one press. */
  examples: readonly string[];
}

export const stepWords: Record<keyof Answers, StepWords> = {
  who: {
    short: "Who",
    question: "Who is he?",
    lead: "Whom does he work for, what for, and how does he talk? Two sentences are enough.",
    placeholder: "You answer for Sunrise Bakery. You are cheerful and love good bread.",
    ask: "Who are you?",
    examples: [
      "You help the customers of [name of your shop].",
      "You are friendly and a little funny.",
      "You talk so simply that a twelve-year-old understands you.",
      "You are calm and polite, also when others are not.",
    ],
  },
  rules: {
    short: "Rules",
    question: "What are his rules?",
    lead: "What does he always do, and what never? One rule on each line.",
    placeholder: "Keep it short.\nAbout allergies, ask people to call us.",
    ask: "What are your rules?",
    examples: [
      "Keep every answer under four sentences.",
      "If you don't know something, say so and name [your e-mail address].",
      "Never promise a price or a date.",
      "Ask back when a question can mean two things.",
      "Answer in the language in which you are asked.",
      "Give no advice on health, law or taxes.",
    ],
  },
  tricks: {
    short: "Tricks",
    question: "What tricks does he know?",
    lead: "Everything he should be able to tell: opening hours, prices, how things work. One thing on each line.",
    placeholder: "Opening hours: Tuesday to Saturday, 6:30 to 14:00.\nCakes: They are ordered two days ahead.",
    ask: "What can you help me with?",
    examples: [
      "Opening hours: Monday to Friday, [9:00 to 18:00].",
      "Where we are: You find us at [street and town].",
      "Contact: Our telephone number is [telephone number].",
      "Delivery: It takes two to four working days and costs $5.",
      "Returns: Everything can be sent back within 30 days.",
      "Payment: We take cash and every common card.",
    ],
  },
};

/** What stands on the last step. */
export const nameWords = { short: "Name", question: "What is his name?" } as const;

/** The step after, or before with -1; `undefined` at the ends. */
export const stepBeside = (step: WizardStep, by: 1 | -1): WizardStep | undefined =>
  wizardSteps[wizardSteps.indexOf(step) + by];
