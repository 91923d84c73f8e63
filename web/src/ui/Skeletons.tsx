import { Skeleton } from "@mantine/core";
import { Charlie } from "../charlie/Charlie.tsx";
import styles from "./ui.module.css";

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Grey cards in the place of cards that are on their way. */
export function SkeletonCards({ count = 3, height = 160 }: { count?: number; height?: number }) {
  return (
    <div className={styles["cards"]} role="status" aria-label="Loading">
      {upTo(count).map((index) => (
        <Skeleton key={index} height={height} radius="md" />
      ))}
    </div>
  );
}

/** Grey lines in the place of text or rows. */
export function SkeletonLines({ count = 3, height = 16 }: { count?: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {upTo(count).map((index) => (
        <Skeleton key={index} height={height} mb="sm" width={index === count - 1 && count > 1 ? "60%" : "100%"} />
      ))}
    </div>
  );
}

/** A longer wait: Charlie wags, and the words say what he waits for. */
export function Waiting({ children }: { children: string }) {
  return (
    <div className={styles["state"]} role="status">
      <Charlie pose="sitting" size={120} wagging />
      <p className={styles["stateWords"]}>{children}</p>
    </div>
  );
}
