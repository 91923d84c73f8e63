import { useState } from "react";
import { Charlie } from "../charlie/Charlie.tsx";
import { examples } from "./examples.ts";
import styles from "./teaching.module.css";

const wordMs = 55;

/** The answer, each word a little later than the one before: all of it is in the page at once for who reads it otherwise. */
function Spoken({ text }: { text: string }) {
  return text.split(" ").map((word, index) => (
    <span key={index} className={styles["word"]} style={{ animationDelay: `${400 + index * wordMs}ms` }}>
      {word}{" "}
    </span>
  ));
}

/** Three answers and what comes of them, for a business that the reader picks. Whole without JavaScript. */
export function Teaching() {
  const [chosen, setChosen] = useState(0);
  // The first answer stands still: the page is not to move before somebody touches it.
  const [touched, setTouched] = useState(false);
  const example = examples[chosen] ?? examples[0];
  const taught = [
    ["Who is he?", example.who],
    ["What are his rules?", example.rules],
    ["What tricks does he know?", example.tricks],
  ] as const;
  return (
    <section className={styles["teaching"]} aria-label="An example">
      <div className={styles["perch"]}>
        <Charlie
          key={example.id}
          pose="sitting"
          size={176}
          mood="answering"
          coat={example.coat}
          accessory={example.accessory}
        />
      </div>
      <div className={styles["picker"]} role="group" aria-label="Choose an example">
        {examples.map(({ id, label }, index) => (
          <button
            key={id}
            type="button"
            aria-pressed={index === chosen}
            onClick={() => {
              setChosen(index);
              setTouched(true);
            }}
          >
            {label}
          </button>
        ))}
      </div>
      <dl className={styles["answers"]}>
        {taught.map(([question, answer]) => (
          <div key={question}>
            <dt>{question}</dt>
            <dd>{answer}</dd>
          </div>
        ))}
      </dl>
      <div className={styles["chat"]} aria-live="polite">
        <p className={styles["asked"]}>{example.question}</p>
        <p className={styles["said"]} key={example.id}>
          {touched ? <Spoken text={example.answer} /> : example.answer}
        </p>
        <p className={styles["why"]}>
          <strong>Why did he say that?</strong> Because you taught him: “{example.because}”
        </p>
      </div>
      <p className={styles["honest"]}>
        An example, with an AI service connected. Without one, Charlie answers with your own sentences.
      </p>
    </section>
  );
}
