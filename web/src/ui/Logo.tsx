import { Charlie } from "../charlie/Charlie.tsx";
import styles from "./ui.module.css";

/** Charlie's head and the product's name. Put it inside the link that leads home. */
export function Logo({ size = 36 }: { size?: number }) {
  return (
    <span className={styles["logo"]}>
      <Charlie size={size} />
      Teach Charlie
    </span>
  );
}
