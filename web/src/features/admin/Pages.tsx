import { Button } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";

interface PagesProps<T> {
  query: UseInfiniteQueryResult<InfiniteData<{ items: T[]; nextCursor: string | null }>>;
  /** Where there is nothing. */
  empty: ReactNode;
  children: (items: T[]) => ReactNode;
}

/** A list that comes page by page. */
export function Pages<T>({ query, empty, children }: PagesProps<T>) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines count={4} height={40} />;
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0 && !hasNextPage) return <>{empty}</>;
  return (
    <>
      {items.length > 0 && children(items)}
      {hasNextPage && (
        <Button variant="default" mt="md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show older ones
        </Button>
      )}
    </>
  );
}
