import { Badge, Select, Table, TextInput } from "@mantine/core";
import type { BillingEvent } from "@charlie/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type SyntheticEvent, useState } from "react";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { formatDateTime } from "../../ui/format.ts";
import { LinkButton, TextLink } from "../../ui/LinkButton.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { adminQueries, type EventSearch } from "./admin-queries.ts";
import { eventMark } from "./admin-words.ts";
import styles from "./admin.module.css";
import { Pages } from "./Pages.tsx";

const states = [
  { value: "all", label: "All" },
  { value: "failed", label: "Failed" },
  { value: "waiting", label: "Not done yet" },
] as const;

function Row({ event }: { event: BillingEvent }) {
  const { label, color } = eventMark(event);
  return (
    <Table.Tr>
      <Table.Td className={styles["wide"]}>
        <TextLink to="/admin/events/$eventId" params={{ eventId: event.id }}>
          {event.type}
        </TextLink>
        <span className={styles["small"]}>{event.customer?.name ?? event.stripeCustomerId ?? "about no customer"}</span>
      </Table.Td>
      <Table.Td>{formatDateTime(event.receivedAt)}</Table.Td>
      <Table.Td ta="right">
        <Badge color={color} variant="light" miw="max-content">
          {label}
        </Badge>
      </Table.Td>
    </Table.Tr>
  );
}

/** What Stripe sent, newest first, narrowed by how far it has come, by its type and by its customer. */
export function Events({ narrow }: { narrow: EventSearch }) {
  useTitle("Events");
  const navigate = useNavigate();
  const [typed, setTyped] = useState(narrow.type ?? "");
  const query = useInfiniteQuery(adminQueries.events(narrow));
  const go = (next: EventSearch) => void navigate({ to: "/admin/events", search: next });
  const narrowType = (event: SyntheticEvent) => {
    event.preventDefault();
    const { type: _, ...rest } = narrow;
    go(typed.trim() === "" ? rest : { ...rest, type: typed.trim() });
  };
  return (
    <section>
      <search className={styles["narrow"]}>
        <form onSubmit={narrowType}>
          <TextInput
            label="Type"
            description="Such as invoice.paid, then Enter"
            value={typed}
            maxLength={100}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </form>
        <Select
          label="Show"
          data={[...states]}
          value={narrow.state ?? "all"}
          allowDeselect={false}
          onChange={(chosen) => {
            const { state: _, ...rest } = narrow;
            go(chosen === "failed" || chosen === "waiting" ? { ...rest, state: chosen } : rest);
          }}
        />
      </search>
      {narrow.customer && (
        <p className={styles["quiet"]}>
          Only about {narrow.customer}.{" "}
          <TextLink to="/admin/events" search={{}}>
            Show all
          </TextLink>
        </p>
      )}
      <Pages
        query={query}
        empty={
          <EmptyState
            title="No such events"
            mood="asleep"
            action={
              <LinkButton to="/admin/events" search={{}} variant="default">
                Show all
              </LinkButton>
            }
          >
            What Stripe tells about payments and plans is kept here.
          </EmptyState>
        }
      >
        {(events) => (
          <Table verticalSpacing="sm" horizontalSpacing="xs" className={styles["table"]}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Event</Table.Th>
                <Table.Th>Came</Table.Th>
                <Table.Th ta="right">State</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {events.map((event) => (
                <Row key={event.id} event={event} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Pages>
    </section>
  );
}
