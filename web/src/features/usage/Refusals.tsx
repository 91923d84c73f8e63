import { Button, TextInput, Title } from "@mantine/core";
import { getDecision } from "@charlie/contract";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { call, queries } from "../../api/index.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { inRow } from "./refused-words.ts";
import { RefusedItem } from "./RefusedItem.tsx";
import styles from "./usage.module.css";

/** One refusal, by the reference that the dialogue, the page or the answer of the interface carried. */
function LookUp() {
  const [id, setId] = useState("");
  const found = useMutation({
    mutationFn: (decision: string) => call(getDecision, { params: { id: decision } }),
    meta: { quiet: true },
  });
  const search = (event: SyntheticEvent) => {
    event.preventDefault();
    if (id.trim() !== "") found.mutate(id.trim());
  };
  return (
    <>
      <form onSubmit={search}>
        <TextInput
          label="Find one by its reference"
          description="Paste it, then Enter"
          maw={420}
          value={id}
          maxLength={100}
          error={found.error && "There is no refusal of this reference. They are kept for 90 days."}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
        />
      </form>
      {found.data && (
        <div role="status" className={styles["found"]}>
          <RefusedItem refused={{ newest: found.data, oldest: found.data, count: 1 }} />
        </div>
      )}
    </>
  );
}

/** The times that a limit said no, the last ones first: what was asked, why not, what helps. */
export function Refusals() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(queries.decisions);
  const rows = data && inRow(data.pages.flatMap(({ items }) => items));
  return (
    <section className={styles["history"]} aria-labelledby="refusals">
      <Title order={2} id="refusals">
        What was refused and why
      </Title>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonLines count={2} height={48} />}
      {rows?.length === 0 && (
        <p className={styles["quiet"]}>Nothing in the last 90 days. When a limit says no, it is explained here.</p>
      )}
      {rows && rows.length > 0 && (
        <>
          <LookUp />
          <ul className={styles["refusals"]}>
            {rows.map((refused) => (
              <li key={refused.newest.id}>
                <RefusedItem refused={refused} more={hasNextPage && refused === rows.at(-1)} />
              </li>
            ))}
          </ul>
          {hasNextPage && (
            <Button
              variant="subtle"
              size="compact-sm"
              className={styles["older"]}
              loading={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              Show older
            </Button>
          )}
        </>
      )}
    </section>
  );
}
