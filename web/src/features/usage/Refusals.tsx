import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatDateTime } from "../../ui/format.ts";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { refusedWords } from "./refused-words.ts";
import styles from "./usage.module.css";

/** The last times that a limit said no: what was asked, why not, what helps, and the id to look it up by. */
export function Refusals() {
  const { data, error, refetch } = useQuery(queries.decisions);
  return (
    <section className={styles["history"]}>
      <Title order={2}>What was refused and why</Title>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonLines count={2} height={48} />}
      {data?.items.length === 0 && (
        <p className={styles["quiet"]}>Nothing in the last 90 days. When a limit says no, it is explained here.</p>
      )}
      {data && data.items.length > 0 && (
        <ul className={styles["refusals"]}>
          {data.items.map((refusal) => {
            const { asked, count, help } = refusedWords(refusal);
            return (
              <li key={refusal.id}>
                <p>
                  <strong>{asked}</strong> <time dateTime={refusal.createdAt}>{formatDateTime(refusal.createdAt)}</time>
                </p>
                <p>{refusal.detail}</p>
                <p className={styles["quiet"]}>
                  {count} {help}
                </p>
                <p className={styles["reference"]}>Reference {refusal.id}</p>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
