import styles from "./coming.module.css";

/** Marks what is sold as coming because it is not built yet. */
export function Coming() {
  return <span className={styles["coming"]}>coming</span>;
}
