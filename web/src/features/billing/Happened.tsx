import { Title } from "@mantine/core";
import type { Subscription } from "@charlie/contract";
import { formatDate } from "../../ui/format.ts";
import styles from "./billing.module.css";
import { turnWords } from "./billing-words.ts";

/** What happened to the plan that nobody pressed a button for here: ended, paid back, disputed. */
export function Happened({ happened }: Pick<Subscription, "happened">) {
  if (happened.length === 0) return null;
  return (
    <section>
      <Title order={3} mb="sm">
        What happened
      </Title>
      <ul className={styles["happened"]}>
        {happened.map((turn) => (
          <li key={`${turn.what} ${turn.at}`}>
            <time dateTime={turn.at}>{formatDate(turn.at)}</time>
            <span>{turnWords(turn)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
