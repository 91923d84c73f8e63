import { Button } from "@mantine/core";
import { planOf } from "@charlie/contract";
import { Charlie } from "../charlie/Charlie.tsx";
import { Coming } from "./Coming.tsx";
import styles from "./home.module.css";
import { PlanCards } from "./PlanCards.tsx";
import { Teaching } from "./Teaching.tsx";

const people = [
  {
    coat: "fox",
    accessory: "shoppingBag",
    who: "You run a shop",
    words: "The same ten questions, every day. Charlie answers them while you pack parcels.",
  },
  {
    coat: "silver",
    accessory: "megaphone",
    who: "You write for a living",
    words: "Teach him your brand’s voice once. He drafts, you keep the last word.",
  },
  {
    coat: "biscuit",
    accessory: "mortarboard",
    who: "You give a workshop",
    words: "A room of beginners, no accounts, no keys: everybody leaves with an agent of their own.",
  },
] as const;

function Hero() {
  return (
    <div className={styles["hero"]}>
      <div className={styles["pitch"]}>
        <h1>Teach an AI agent in three answers</h1>
        <p className={styles["lead"]}>
          Who is he? What are his rules? What tricks does he know? Tell Charlie in your own words, and he goes to work.
          No code, nothing to install.
        </p>
        <div className={styles["press"]}>
          <Button component="a" href="/sign-up" size="lg">
            Teach Charlie for free
          </Button>
          <a className={styles["quietLink"]} href="/pricing">
            See prices
          </a>
        </div>
        <p className={styles["note"]}>
          Free for {planOf("free").limits.messagesPerDay} messages a day. No card needed.
        </p>
      </div>
      <Teaching />
    </div>
  );
}

function Steps() {
  return (
    <section className={styles["section"]} aria-labelledby="how">
      <h2 id="how">How it works</h2>
      <ol className={styles["steps"]}>
        <li>
          <Charlie size={88} mood="listening" accessory="pencil" />
          <h3>Teach</h3>
          <p>
            Three questions, answered as you would tell a new colleague. Start from a ready-made example if you like.
          </p>
        </li>
        <li>
          <Charlie size={88} mood="answering" coat="fox" />
          <h3>Ask</h3>
          <p>Chat with him. Under each answer, one press shows which of your sentences it came from.</p>
        </li>
        <li>
          <Charlie size={88} mood="thinking" coat="cream" accessory="glasses" />
          <h3>Correct</h3>
          <p>Something off? Change a sentence and ask again. He has learned it at once, and he doesn’t mind.</p>
        </li>
      </ol>
      {planOf("pro").features.exportAndEmbed === "coming" && (
        <p className={styles["note"]}>
          <Coming /> Putting Charlie on your own website.
        </p>
      )}
    </section>
  );
}

function People() {
  return (
    <section className={styles["section"]} aria-labelledby="people">
      <h2 id="people">For people with other things to do</h2>
      <ul className={styles["people"]}>
        {people.map(({ coat, accessory, who, words }) => (
          <li key={who}>
            <Charlie pose="portrait" size={72} coat={coat} accessory={accessory} />
            <div>
              <h3>{who}</h3>
              <p>{words}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function PracticeBrain() {
  return (
    <section className={styles["practice"]} aria-labelledby="practice">
      <Charlie pose="sitting" size={168} mood="thinking" coat="tricolour" />
      <div>
        <h2 id="practice">His practice brain, honestly</h2>
        <p>
          Without any AI account Charlie uses a small brain of his own. It is not an AI. It looks through what you
          taught him, finds the sentences that fit, and answers with those. It says so when it was never taught
          something. That costs nothing, and it is good for trying things out and for workshops.
        </p>
        <p>
          When you want him to talk freely, connect OpenAI, Anthropic or another service with your own key. You see what
          each answer costs, and we add nothing to it.
        </p>
      </div>
    </section>
  );
}

/** The first page: what it is, shown rather than told, and one thing to press. */
export function Home() {
  return (
    <div className={styles["page"]}>
      <Hero />
      <Steps />
      <People />
      <PracticeBrain />
      <section className={styles["section"]} aria-labelledby="cost">
        <h2 id="cost">What it costs</h2>
        <PlanCards brief />
        <p className={styles["note"]}>
          AI itself comes on top, at cost: straight on your own key, or passed on by us without a markup.{" "}
          <a href="/pricing">Compare the plans</a>
        </p>
      </section>
      <section className={styles["last"]}>
        <Charlie pose="sitting" size={144} mood="listening" />
        <h2>He is waiting for his first lesson</h2>
        <Button component="a" href="/sign-up" size="lg">
          Teach Charlie for free
        </Button>
      </section>
    </div>
  );
}
