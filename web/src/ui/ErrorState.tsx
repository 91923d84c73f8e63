import { Button, Title } from "@mantine/core";
import { Charlie } from "../charlie/Charlie.tsx";
import { wordsFor } from "./problem-words.ts";
import styles from "./ui.module.css";

interface ErrorStateProps {
  /** Whatever was thrown or answered; it is put into words. */
  error: unknown;
  onRetry?: () => void;
  /** 1 where it is the whole page. */
  order?: 1 | 2;
}

/** Where a page or a part of it could not be shown: what happened, that nothing is lost, what to do. */
export function ErrorState({ error, onRetry, order = 2 }: ErrorStateProps) {
  const { title, detail, reference } = wordsFor(error);
  return (
    <section className={styles["state"]} role="alert">
      <Charlie pose="sitting" size={120} mood="puzzled" />
      <Title order={order} size="h3">
        {title}
      </Title>
      <p className={styles["stateWords"]}>{detail}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
      {reference && <p className={styles["small"]}>If you write to us about it, name {reference}.</p>}
    </section>
  );
}
