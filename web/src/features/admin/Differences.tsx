import { Badge, Button, Title } from "@mantine/core";
import { type BillingDifference, type Reconciliation, startReconciliation } from "@charlie/contract";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { call } from "../../api/index.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { formatDateTime, formatUnits } from "../../ui/format.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { adminQueries } from "./admin-queries.ts";
import { differenceMark } from "./admin-words.ts";
import styles from "./admin.module.css";
import { Changes } from "./Changes.tsx";
import { Books, Refusal } from "./Checks.tsx";
import { Pages } from "./Pages.tsx";

/** How often the page asks whether a comparison has ended, in ms. */
const askEvery = 1_000;

function lastWords(latest: Reconciliation | null): string {
  if (latest === null) return "Not compared yet. It happens by itself every hour.";
  if (latest.finishedAt === null) return "Comparing with Stripe …";
  const when = formatDateTime(latest.finishedAt);
  if (latest.error !== null) return `Could not be finished on ${when}: ${latest.error}`;
  const { checked, repaired, recovered, failed } = latest;
  const found = repaired + recovered + failed;
  const outcome =
    found === 0
      ? "all as in Stripe"
      : `${repaired} put right, ${recovered} lost events taken in, ${failed} that need a look`;
  return `Last compared on ${when}: ${formatUnits(checked, "customer")}, ${outcome}.`;
}

function Entry({ difference }: { difference: BillingDifference }) {
  const { label, color } = differenceMark(difference);
  const { customer, kind, foundAt, lastSeenAt, repairedAt, error, data } = difference;
  const again = !repairedAt && lastSeenAt !== foundAt ? `, and again on ${formatDateTime(lastSeenAt)}` : "";
  return (
    <li>
      <div className={styles["between"]}>
        <TextLink to="/admin/customers/$customerId" params={{ customerId: customer.id }}>
          {customer.name}
        </TextLink>
        <Badge color={color} variant="light" miw="max-content">
          {label}
        </Badge>
      </div>
      <span className={styles["small"]}>
        {kind === "event" ? "An event did not arrive" : "Not as in Stripe"} · found on {formatDateTime(foundAt)}
        {again}
      </span>
      <Changes data={data} />
      {error !== null && <p className={styles["anywhere"]}>{error}</p>}
    </li>
  );
}

/** What differed from Stripe when it was compared, and the button to compare now. */
export function Differences() {
  useTitle("Differences");
  const queryClient = useQueryClient();
  const { data: latest } = useQuery({
    ...adminQueries.reconciliation,
    refetchInterval: ({ state }) => (state.data && state.data.finishedAt === null ? askEvery : false),
  });
  const query = useInfiniteQuery(adminQueries.differences);
  const start = useMutation({
    mutationFn: () => call(startReconciliation, {}, { once: true }),
    onSuccess: (run) => queryClient.setQueryData(adminQueries.reconciliation.queryKey, run),
  });
  const running = latest?.finishedAt === null;
  const finished = latest?.finishedAt;
  useEffect(() => {
    if (finished) void queryClient.invalidateQueries({ queryKey: adminQueries.differences.queryKey });
  }, [finished, queryClient]);
  return (
    <section>
      <div className={styles["card"]}>
        <p role="status">{latest === undefined ? "" : lastWords(latest)}</p>
        <div>
          <Button loading={start.isPending || running} onClick={() => start.mutate()}>
            Compare now
          </Button>
        </div>
      </div>
      <div className={styles["cards"]}>
        <Books />
        <Refusal />
      </div>
      <Title order={2} mt="xl" mb="sm">
        What differed
      </Title>
      <Pages
        query={query}
        empty={
          <EmptyState title="Nothing so far" mood="asleep">
            Every hour each customer is compared with Stripe. What differs is put right, and listed here.
          </EmptyState>
        }
      >
        {(differences) => (
          <ol className={styles["entries"]}>
            {differences.map((difference) => (
              <Entry key={difference.id} difference={difference} />
            ))}
          </ol>
        )}
      </Pages>
    </section>
  );
}
