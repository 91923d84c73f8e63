import type { ReactNode } from "react";
import styles from "./ui.module.css";

interface BigNumberProps {
  label: string;
  /** Already formatted, e.g. by `formatMicros`. */
  value: string;
  /** What the number counts: "of 100 messages", "per month". */
  unit?: string;
  /** When it changes: "Starts again on November 23". */
  changes?: ReactNode;
  /** The way to change it. */
  action?: ReactNode;
}

/** A number that somebody pays for, or runs out of. */
export function BigNumber({ label, value, unit, changes, action }: BigNumberProps) {
  return (
    <div className={styles["bigNumber"]}>
      <p className={styles["small"]}>{label}</p>
      <p className={styles["bigValue"]}>
        <strong>{value}</strong> {unit}
      </p>
      {changes && <p className={styles["small"]}>{changes}</p>}
      {action}
    </div>
  );
}
