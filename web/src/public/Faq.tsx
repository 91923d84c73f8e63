import { formatCents, formatCount } from "../ui/format.ts";
import { planOf } from "@charlie/contract";
import styles from "./pricing.module.css";

const free = planOf("free").limits;

const questions: readonly (readonly [string, string])[] = [
  [
    "What counts as a message?",
    "Each question that Charlie answers, whichever brain he uses. If an answer fails, it isn’t counted. Trying him out while you teach isn’t counted either.",
  ],
  [
    "What happens when the messages of a day are used up?",
    `Charlie pauses and says so; nothing is deleted and nothing is billed. Counting starts again at midnight UTC. With Free that is after ${formatCount(free.messagesPerDay ?? 0)} messages, or you move to a larger plan and go on at once.`,
  ],
  [
    "Can there be a surprise bill?",
    `No. The plan has a fixed price. Your own key is billed where you got it, within the limits you set there. AI on our key is passed on at cost, every answer shows what it cost, and your spend cap ends it: ${formatCents(planOf("pro").aiSpend.usualMicros / 10_000)} a month with Pro and ${formatCents(planOf("team").aiSpend.usualMicros / 10_000)} with Team, until you set another under Usage.`,
  ],
  [
    "Can I pay by the year?",
    `Yes. A year costs as much as ten months: Pro ${formatCents(planOf("pro").yearlyCents)}, Team ${formatCents(planOf("team").yearlyCents)}. In Billing you can move between month and year, and between Pro and Team, whenever you like. You see what is charged before you agree, and the days you have paid for are counted.`,
  ],
  [
    "Can I cancel?",
    "Any time, in Billing, with two presses. You keep what you paid for until the end of the month or year that is paid, and you can change your mind until then.",
  ],
  [
    "What happens if a payment fails?",
    "We tell you by mail and on every page, with the amount and the last day on which everything stays as it is. If it stays open after that day, you are on Free. Nothing is deleted, and when it is paid, your plan is back.",
  ],
  [
    "What happens to my agents if I go back to a smaller plan?",
    "All of them stay. Those beyond the smaller plan fall asleep: you can read them, but they don’t chat. You choose which stay awake, and an upgrade wakes all of them just as they were.",
  ],
  ["Do I need to know about AI?", "No. If you can explain your work to a new colleague, you can teach Charlie."],
];

/** Questions and answers that open without JavaScript. */
export function Faq() {
  return (
    <div className={styles["faq"]}>
      {questions.map(([question, answer]) => (
        <details key={question}>
          <summary>{question}</summary>
          <p>{answer}</p>
        </details>
      ))}
    </div>
  );
}
