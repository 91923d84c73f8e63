import { Box, Table, Title } from "@mantine/core";
import type { RevenueMonth } from "@charlie/contract";
import { formatMicros } from "../../ui/format.ts";
import styles from "./admin.module.css";

const monthFormat = new Intl.DateTimeFormat("en-US", { month: "short", year: "numeric", timeZone: "UTC" });
const monthWords = (month: string): string => monthFormat.format(new Date(`${month}-01T00:00:00Z`));

type Part = Exclude<keyof RevenueMonth, "month">;

const columns: readonly { part: Part; label: string; sign: "" | "+" | "−" }[] = [
  { part: "startMicros", label: "At start", sign: "" },
  { part: "newMicros", label: "New", sign: "+" },
  { part: "expansionMicros", label: "Expansion", sign: "+" },
  { part: "contractionMicros", label: "Contraction", sign: "−" },
  { part: "churnMicros", label: "Churn", sign: "−" },
  { part: "endMicros", label: "At end", sign: "" },
  { part: "recoveredMicros", label: "Recovered", sign: "" },
];

/** An amount with its sign; nothing at all is a dash. */
const amount = (micros: number, sign: string): string =>
  micros === 0 ? "–" : `${sign}${formatMicros(micros, "near")}`;

function Bar({ share }: { share: number }) {
  return (
    <span className={styles["track"]} aria-hidden>
      <span className={styles["filled"]} style={{ width: `${share * 100}%` }} />
    </span>
  );
}

/** How monthly recurring revenue came about, newest month first: a table, or on a phone a card for each month. */
export function Months({ months }: { months: readonly RevenueMonth[] }) {
  const top = Math.max(1, ...months.map(({ endMicros }) => endMicros));
  // A year that begins with nothing begins where something came.
  const first = months.findIndex(({ startMicros, endMicros, newMicros }) => startMicros + endMicros + newMicros > 0);
  const newest = months.slice(Math.max(0, first)).toReversed();
  return (
    <section>
      <Title order={2} mb="sm">
        Month by month
      </Title>
      <Box visibleFrom="sm">
        <Table horizontalSpacing="xs" className={styles["table"]}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Month</Table.Th>
              {columns.map(({ part, label }) => (
                <Table.Th key={part} ta="right">
                  {label}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {newest.map((month) => (
              <Table.Tr key={month.month}>
                <Table.Th scope="row">
                  {monthWords(month.month)}
                  <Bar share={month.endMicros / top} />
                </Table.Th>
                {columns.map(({ part, sign }) => (
                  <Table.Td key={part} ta="right" className="tabular">
                    {amount(month[part], sign)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
      <Box hiddenFrom="sm">
        <ol className={styles["entries"]}>
          {newest.map((month) => (
            <li key={month.month}>
              <strong>{monthWords(month.month)}</strong>
              <Bar share={month.endMicros / top} />
              <dl className={styles["sum"]}>
                {columns.map(({ part, label, sign }) => (
                  <div key={part}>
                    <dt>{label}</dt>
                    <dd className="tabular">{amount(month[part], sign)}</dd>
                  </div>
                ))}
              </dl>
            </li>
          ))}
        </ol>
      </Box>
    </section>
  );
}
