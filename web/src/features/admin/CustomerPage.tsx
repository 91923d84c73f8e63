import { Anchor, Badge, Table, Title } from "@mantine/core";
import type { Customer } from "@charlie/contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { BigNumber } from "../../ui/BigNumber.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatCents, formatDate, formatDateTime, formatMicros } from "../../ui/format.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { adminQueries } from "./admin-queries.ts";
import { actionWords, nextWords, planWords } from "./admin-words.ts";
import styles from "./admin.module.css";
import { Changes } from "./Changes.tsx";
import { Pages } from "./Pages.tsx";

function Invoices({ customerId }: { customerId: string }) {
  const { data, error, refetch } = useQuery(adminQueries.invoices(customerId));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines count={2} height={32} />;
  if (data.items.length === 0) return <p className={styles["quiet"]}>None yet.</p>;
  return (
    <Table horizontalSpacing="xs" className={styles["table"]}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Date</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th ta="right">Amount</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {data.items.map(({ id, number, createdAt, status, totalCents, url }) => (
          <Table.Tr key={id}>
            <Table.Td className={styles["wide"]}>
              {formatDate(createdAt)}
              <span className={styles["small"]}>
                {url ? (
                  <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
                    {number ?? "See"}
                  </Anchor>
                ) : (
                  number
                )}
              </span>
            </Table.Td>
            <Table.Td>{status}</Table.Td>
            <Table.Td ta="right" className="tabular">
              {formatCents(totalCents)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Log({ customerId }: { customerId: string }) {
  const query = useInfiniteQuery(adminQueries.audit(customerId));
  return (
    <Pages query={query} empty={<p className={styles["quiet"]}>Nothing yet.</p>}>
      {(entries) => (
        <ol className={styles["entries"]}>
          {entries.map((entry) => (
            <li key={entry.id}>
              <strong>{actionWords(entry)}</strong>
              <span className={styles["small"]}>
                {formatDateTime(entry.at)} · {entry.actor.type === "user" ? "by a person" : entry.actor.id}
              </span>
              <Changes data={entry.data} />
            </li>
          ))}
        </ol>
      )}
    </Pages>
  );
}

/** One customer: what they pay, their invoices, and what happened to their plan. */
export function CustomerPage({ customer }: { customer: Customer }) {
  const { id, name, owner, mrrMicros, payingSince, stripeUrl, stripeCustomerId, pastDue } = customer;
  useTitle(name);
  return (
    <div className={styles["stack"]}>
      <header>
        <Title order={2}>{name}</Title>
        {owner && (
          <p className={styles["quiet"]}>
            {owner.name}, {owner.email}
          </p>
        )}
      </header>
      <section className={styles["card"]} aria-label="Plan">
        <BigNumber
          label={planWords(customer)}
          value={formatMicros(mrrMicros, "near")}
          unit="a month"
          changes={nextWords(customer)}
        />
        {pastDue && (
          <Badge color="red" variant="light">
            Past due
          </Badge>
        )}
        {payingSince && <p className={styles["quiet"]}>First payment seen on {formatDate(payingSince)}</p>}
        <p className={styles["links"]}>
          {stripeUrl && (
            <Anchor href={stripeUrl} target="_blank" rel="noreferrer">
              Open in Stripe
            </Anchor>
          )}
          {stripeCustomerId && (
            <TextLink to="/admin/events" search={{ customer: stripeCustomerId }}>
              What Stripe sent about them
            </TextLink>
          )}
        </p>
      </section>
      <section>
        <Title order={3} mb="sm">
          Invoices
        </Title>
        <Invoices customerId={id} />
      </section>
      <section>
        <Title order={3} mb="sm">
          What happened
        </Title>
        <Log customerId={id} />
      </section>
    </div>
  );
}
