import { changesOf } from "./admin-words.ts";
import styles from "./admin.module.css";

/** What changed, from what to what, and what else was noted. */
export function Changes({ data }: { data: Record<string, unknown> }) {
  const { changes, facts } = changesOf(data);
  if (changes.length + facts.length === 0) return null;
  return (
    <ul className={styles["changes"]}>
      {changes.map(({ field, from, to }) => (
        <li key={field}>
          {field}: {from} → <strong>{to}</strong>
        </li>
      ))}
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}
