import styles from "./history.module.css";
import type { Bar } from "./used.ts";

/** A bar, built up of who paid: each with a pattern of its own, so that no colour is needed to tell them apart. */
export function Pieces({ bar: { split }, upright = false }: { bar: Pick<Bar, "split">; upright?: boolean }) {
  return (
    <div className={styles["pieces"]} data-upright={upright} aria-hidden>
      {split.map(({ share, value }) => (
        <span key={share} className={styles["piece"]} data-share={share} style={{ flexGrow: value }} />
      ))}
    </div>
  );
}
