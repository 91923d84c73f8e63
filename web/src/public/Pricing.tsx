import { Coming } from "./Coming.tsx";
import { Comparison } from "./Comparison.tsx";
import { Faq } from "./Faq.tsx";
import { PlanCards } from "./PlanCards.tsx";
import styles from "./pricing.module.css";

/** The prices: three plans, what AI costs, all of it side by side, questions. */
export function Pricing() {
  return (
    <div className={styles["page"]}>
      <header className={styles["intro"]}>
        <h1>Free to try, a clear price to stay</h1>
        <p>A plan pays for Charlie. What AI costs comes on top, at cost, without a markup.</p>
      </header>
      <h2 className={styles["hidden"]}>Plans</h2>
      <PlanCards />
      <p className={styles["here"]}>
        Already here? <a href="/settings/billing">Change your plan in Billing</a>
      </p>
      <section className={styles["section"]} aria-labelledby="ai">
        <h2 id="ai">And the AI?</h2>
        <ul className={styles["brains"]}>
          <li>
            <h3>Practice brain</h3>
            <p className={styles["price"]}>
              <strong>$0</strong>
            </p>
            <p>Answers with the sentences you taught him. Not an AI, and good for trying things out.</p>
          </li>
          <li>
            <h3>Your own key</h3>
            <p className={styles["price"]}>
              <strong>$0</strong> to us
            </p>
            <p>Connect OpenAI, Anthropic or a similar service. They bill you directly; we charge nothing for it.</p>
          </li>
          <li>
            <h3>Our key</h3>
            <p className={styles["price"]}>
              <strong>At cost</strong>
            </p>
            <p>
              We pass on what the answer cost us, exact to a millionth of a dollar, without a markup. A spend cap that
              you set limits it.
            </p>
          </li>
        </ul>
      </section>
      <section className={styles["section"]} aria-labelledby="compare">
        <h2 id="compare">Side by side</h2>
        <Comparison />
        <p className={styles["here"]}>
          <Coming /> means: we are building it, and it is not there yet. It will be in the plan at no extra price.
        </p>
      </section>
      <section className={styles["section"]} aria-labelledby="questions">
        <h2 id="questions">Questions people ask</h2>
        <Faq />
      </section>
    </div>
  );
}
