import { Select, Table, TextInput } from "@mantine/core";
import { type Customer, type CustomerGroup, customerGroups } from "@charlie/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type SyntheticEvent, useState } from "react";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { formatDate, formatMicros } from "../../ui/format.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { adminQueries, type CustomerSearch } from "./admin-queries.ts";
import { nextWords, planWords } from "./admin-words.ts";
import styles from "./admin.module.css";
import { Pages } from "./Pages.tsx";

const groups: Record<CustomerGroup, string> = {
  all: "Everybody",
  paying: "Who pays",
  past_due: "Whose payment failed",
  ending: "Who has cancelled",
  free: "Who is on Free",
};

function Row({ customer }: { customer: Customer }) {
  const { id, name, owner, createdAt, mrrMicros } = customer;
  return (
    <Table.Tr>
      <Table.Td className={styles["wide"]}>
        <TextLink to="/admin/customers/$customerId" params={{ customerId: id }}>
          {name}
        </TextLink>
        {owner && <span className={styles["small"]}>{owner.email}</span>}
        <span className={`${styles["small"]} ${styles["roomy"]}`}>Here since {formatDate(createdAt)}</span>
      </Table.Td>
      <Table.Td>
        {planWords(customer)}
        <span className={styles["small"]}>{nextWords(customer)}</span>
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {formatMicros(mrrMicros, "near")}
      </Table.Td>
    </Table.Tr>
  );
}

/** Every workspace, narrowed by a group and by words. */
export function Customers({ narrow }: { narrow: CustomerSearch }) {
  useTitle("Customers");
  const navigate = useNavigate();
  const [typed, setTyped] = useState(narrow.search ?? "");
  const query = useInfiniteQuery(adminQueries.customers(narrow));
  const go = (next: CustomerSearch) => void navigate({ to: "/admin/customers", search: next });
  const search = (event: SyntheticEvent) => {
    event.preventDefault();
    const { search: _, ...rest } = narrow;
    go(typed.trim() === "" ? rest : { ...rest, search: typed.trim() });
  };
  return (
    <section>
      <search className={styles["narrow"]}>
        <form onSubmit={search}>
          <TextInput
            label="Search"
            description="The beginning of a name or an address, then Enter"
            value={typed}
            maxLength={100}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
        </form>
        <Select
          label="Show"
          data={customerGroups.map((value) => ({ value, label: groups[value] }))}
          value={narrow.group ?? "all"}
          allowDeselect={false}
          onChange={(group) => {
            const { group: _, ...rest } = narrow;
            const chosen = customerGroups.find((each) => each === group);
            go(chosen && chosen !== "all" ? { ...rest, group: chosen } : rest);
          }}
        />
      </search>
      <Pages
        query={query}
        empty={
          <EmptyState title="Nobody like that" mood="puzzled">
            Try fewer letters, or show everybody.
          </EmptyState>
        }
      >
        {(customers) => (
          <Table verticalSpacing="sm" horizontalSpacing="xs" className={styles["table"]}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Customer</Table.Th>
                <Table.Th>Plan</Table.Th>
                <Table.Th ta="right" className={styles["whole"]}>
                  A month
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {customers.map((customer) => (
                <Row key={customer.id} customer={customer} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Pages>
    </section>
  );
}
