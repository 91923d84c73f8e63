import { Anchor, Badge, Table, Title, VisuallyHidden } from "@mantine/core";
import type { Invoice } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatCents, formatDate } from "../../ui/format.ts";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import styles from "./billing.module.css";

const states: Record<Invoice["status"], { label: string; color: string }> = {
  paid: { label: "Paid", color: "green" },
  open: { label: "Open", color: "collar" },
  draft: { label: "Being prepared", color: "gray" },
  uncollectible: { label: "Not paid", color: "red" },
  void: { label: "Cancelled", color: "gray" },
};

function Row({ invoice: { number, createdAt, status, totalCents, url, pdfUrl } }: { invoice: Invoice }) {
  const { label, color } = states[status];
  const name = number ?? formatDate(createdAt);
  return (
    <Table.Tr>
      <Table.Td>
        {formatDate(createdAt)}
        {number && <span className={styles["number"]}>{number}</span>}
      </Table.Td>
      <Table.Td>
        <Badge color={color} variant="light" tt="none" miw="max-content">
          {label}
        </Badge>
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {formatCents(totalCents)}
      </Table.Td>
      <Table.Td ta="right">
        <span className={styles["links"]}>
          {url && (
            <Anchor href={url} target="_blank" rel="noreferrer" aria-label={`See invoice ${name}`}>
              See
            </Anchor>
          )}
          {pdfUrl && (
            <Anchor href={pdfUrl} target="_blank" rel="noreferrer" aria-label={`Invoice ${name} as PDF`}>
              PDF
            </Anchor>
          )}
        </span>
      </Table.Td>
    </Table.Tr>
  );
}

/** The workspace's invoices, newest first. */
export function Invoices() {
  const { data, error, refetch } = useQuery(queries.invoices);
  return (
    <section>
      <Title order={3} mb="sm">
        Invoices
      </Title>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonLines count={2} height={40} />}
      {data?.items.length === 0 && <p className={styles["period"]}>None yet. They will be kept here.</p>}
      {data && data.items.length > 0 && (
        <Table verticalSpacing="sm" horizontalSpacing="xs" className={styles["invoices"]}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Date</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th ta="right">Amount</Table.Th>
              <Table.Th ta="right">
                <VisuallyHidden>Document</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((invoice) => (
              <Row key={invoice.id} invoice={invoice} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {data?.nextCursor && (
        <p className={styles["period"]}>Older invoices are on the payment provider’s page: press “Change card”.</p>
      )}
    </section>
  );
}
