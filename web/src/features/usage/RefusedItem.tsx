import { formatDateTime, formatSpan, formatUnits } from "../../ui/format.ts";
import { type Refused, refusedWords } from "./refused-words.ts";
import styles from "./usage.module.css";

interface RefusedItemProps {
  refused: Refused;
  /** There may be more of them than were read. */
  more?: boolean;
}

/** What was asked and when, why not, what helps, and the id to look it up by; of many the newest. */
export function RefusedItem({ refused: { newest, oldest, count }, more = false }: RefusedItemProps) {
  const words = refusedWords(newest);
  return (
    <div className={styles["refused"]}>
      <p>
        <strong>{words.asked}</strong>{" "}
        <span className={styles["when"]}>
          {count === 1 ? (
            <time dateTime={newest.createdAt}>{formatDateTime(newest.createdAt)}</time>
          ) : (
            `${formatUnits(count, "time")}${more ? " or more" : ""}, ${formatSpan(oldest.createdAt, newest.createdAt)}`
          )}
        </span>
      </p>
      <p>{newest.detail}</p>
      <p className={styles["quiet"]}>
        {words.count} {words.help}
      </p>
      <p className={styles["reference"]}>
        {count === 1 ? "Reference" : "The last one’s reference"} {newest.id}
      </p>
    </div>
  );
}
