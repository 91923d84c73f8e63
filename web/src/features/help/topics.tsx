import { planOf } from "@charlie/contract";
import type { ReactNode } from "react";
import { formatCents, formatCount, formatUnits } from "../../ui/format.ts";
import { TextLink } from "../../ui/LinkButton.tsx";

interface Topic {
  /** The part of the address behind `#`. */
  id: string;
  question: string;
  answer: ReactNode;
}

const free = planOf("free");
const pro = planOf("pro");
const limitWords = (limit: number | null) => (limit === null ? "as many as you like" : formatCount(limit));

export const topics: readonly Topic[] = [
  {
    id: "teach",
    question: "How do I teach Charlie?",
    answer: (
      <>
        <p>
          With three answers: who is he, what are his rules, what tricks does he know?{" "}
          <TextLink to="/teach">Start here</TextLink>; there are eight ready-made ones in which you change a few words.
        </p>
        <p>
          Write as you would tell a new colleague. One thing on each line works best: “Delivery: It takes two to four
          working days.” What stands in [square brackets] is still yours to fill in.
        </p>
      </>
    ),
  },
  {
    id: "wrong-answer",
    question: "He answered something wrong. What now?",
    answer: (
      <p>
        Press <em>Why did he say that?</em> below the answer. It shows which of your sentences he used. Change the one
        that is wrong, or add the one that is missing, under <em>Teach</em>. He knows it from his next answer on.
      </p>
    ),
  },
  {
    id: "offline-brain",
    question: "What is the offline brain?",
    answer: (
      <>
        <p>
          A brain for practice. It needs no key and no company, and it costs nothing. It finds those of your sentences
          that fit a question and answers with them. If you never taught him something, he says so.
        </p>
        <p>
          It does not think: it cannot put things in its own words, translate or calculate. For that, Charlie needs a
          larger brain, and a key to it.
        </p>
      </>
    ),
  },
  {
    id: "key",
    question: "How do I give him a larger brain?",
    answer: (
      <>
        <ol>
          <li>Make an account with a company that has one, OpenAI or Anthropic for example, and make a key there.</li>
          <li>
            Put the key into <TextLink to="/settings/ai-keys">Settings</TextLink>. We try it once, keep it locked, and
            never show more than its last four characters.
          </li>
          <li>From then on your agents use it. Under Teach, in More, you can choose a brain for each of them.</li>
        </ol>
        <p>What he thinks then, the company charges to you. Charlie adds nothing to it.</p>
      </>
    ),
  },
  {
    id: "limits",
    question: "What happens at a limit?",
    answer: (
      <p>
        On Free you have {formatUnits(free.limits.agents ?? 0, "agent")} and{" "}
        {formatUnits(free.limits.messagesPerDay ?? 0, "message")} a day; on Pro, for {formatCents(pro.monthlyCents)} a
        month, {limitWords(pro.limits.agents)} and {limitWords(pro.limits.messagesPerDay)}. At the limit Charlie says so
        and waits. Nothing is lost and nothing is charged by itself. Messages start again every day at 00:00 UTC. An
        answer that fails does not count. <TextLink to="/usage">See what you have used</TextLink>.
      </p>
    ),
  },
  {
    id: "cancel",
    question: "How do I stop paying?",
    answer: (
      <p>
        In <TextLink to="/settings/billing">Settings</TextLink>, under Billing. Your plan runs to the end of the month
        or year that is paid, and you can take it back until then. Nothing is deleted: agents beyond the Free plan fall
        asleep and wake up when you come back.
      </p>
    ),
  },
  {
    id: "change-plan",
    question: "How do I change my plan, or pay by the year?",
    answer: (
      <p>
        In <TextLink to="/settings/billing">Settings</TextLink>, under Billing, press <em>Change plan</em>. You see what
        is charged now, what stays as your credit and what each renewal costs, before you agree. A year costs as much as
        ten months.
      </p>
    ),
  },
  {
    id: "payment-failed",
    question: "A payment did not go through. What now?",
    answer: (
      <p>
        Press <em>Pay now</em> at the top of the page, or change your card. Until the day that stands there, everything
        stays as it is. After it you are on Free: nothing is deleted, and once it is paid, your plan is back.
      </p>
    ),
  },
  {
    id: "lost",
    question: "I deleted something by mistake.",
    answer: (
      <p>
        Press <em>Undo</em> in the message that appears; it stays for ten seconds. What you write in the wizard is kept
        on your computer with every letter, also when you close the page.
      </p>
    ),
  },
  {
    id: "programs",
    question: "Can a program of mine talk to him?",
    answer: (
      <p>
        What programs can ask and what they get back is written down <a href="/api/docs">for those who write them</a>.
      </p>
    ),
  },
  {
    id: "privacy",
    question: "Who can read what I teach him?",
    answer: (
      <p>
        Only your workspace. With a larger brain, the question and what he needs for the answer go to the company that
        runs it. With the offline brain, nothing leaves this service.
      </p>
    ),
  },
];

export const shortcuts: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["Enter"], does: "Sends a question or a form" },
  { keys: ["Shift", "Enter"], does: "Begins a new line in a question" },
  { keys: ["Ctrl", "Enter"], does: "Goes to the next step while you teach" },
  { keys: ["Ctrl", "S"], does: "Saves what you changed under Teach" },
  { keys: ["Esc"], does: "Closes a dialogue or a menu" },
];
