import { Button, Group, SegmentedControl, Table, Title } from "@mantine/core";
import type { MetricType, UsageHistory } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queries } from "../../api/index.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { DayBars } from "./DayBars.tsx";
import { type ChartMetric, chartMetrics, dayWords } from "./history-words.ts";
import styles from "./usage.module.css";

function DayTable({ metric, days }: { metric: ChartMetric; days: UsageHistory["days"] }) {
  return (
    <Table horizontalSpacing={0} className={styles["table"]}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Day</Table.Th>
          <Table.Th ta="right">{metric.label}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {days.toReversed().map(({ day, value }) => (
          <Table.Tr key={day}>
            <Table.Td>{dayWords(day)}</Table.Td>
            <Table.Td ta="right" className="tabular">
              {metric.say(value)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The last 30 days of one metric, drawn or as a table. */
export function History() {
  const [chosen, setChosen] = useState<MetricType>("messages");
  const [asTable, setAsTable] = useState(false);
  const { data, error, refetch } = useQuery(queries.usageHistory(chosen, 30));
  const metric = chartMetrics.find((candidate) => candidate.metric === chosen) ?? chartMetrics[0]!;
  const used = data?.days.some(({ value }) => value > 0) ?? false;
  const Shown = asTable ? DayTable : DayBars;
  return (
    <section className={styles["history"]}>
      <Group justify="space-between" gap="sm">
        <Title order={2}>The last 30 days</Title>
        <SegmentedControl
          aria-label="What to show"
          data={chartMetrics.map(({ metric: value, label }) => ({ value, label }))}
          value={chosen}
          onChange={(value) => setChosen(value)}
        />
      </Group>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonLines count={1} height={240} />}
      {data && !used && <EmptyState title={metric.none} mood="asleep" />}
      {data && used && <Shown metric={metric} days={data.days} />}
      <div className={styles["below"]}>
        <p>{metric.about}</p>
        {used && (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAsTable(!asTable)}>
            {asTable ? "Show as a chart" : "Show as a table"}
          </Button>
        )}
      </div>
    </section>
  );
}
