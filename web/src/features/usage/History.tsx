import { Button, Group, SegmentedControl, Select, Title } from "@mantine/core";
import { exportUsage, pathOf, type UsageHistory } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { useState } from "react";
import { queries } from "../../api/index.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatDay } from "../../ui/format.ts";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { DayBars } from "./DayBars.tsx";
import styles from "./history.module.css";
import { NamedBars } from "./NamedBars.tsx";
import { PartTable } from "./PartTable.tsx";
import { readShown, searchOf, type Shown, spans } from "./search.ts";
import { type Bar, type ChartMetric, chartMetrics, dayBars, namedBars, sayPaid, sharesOf, shownDays } from "./used.ts";

const route = getRouteApi("/_app/usage");
const breakdowns: { value: Shown["by"]; label: string }[] = [
  { value: "day", label: "By day" },
  { value: "agent", label: "By agent" },
  { value: "model", label: "By brain" },
];

/** What the patterns mean, how much it is, and who pays it. */
function Legend({ metric, bars }: { metric: ChartMetric; bars: readonly Bar[] }) {
  return (
    <ul className={styles["legend"]} aria-label={metric.id === "cost" ? "Who pays" : "Who answered"}>
      {sharesOf(metric, bars).map(({ share, label, pays, value }) => (
        <li key={share}>
          <span className={styles["piece"]} data-share={share} aria-hidden />
          <span>
            <strong>{label}</strong> {sayPaid(metric, { share, value })}
            {pays && `, ${pays}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Nothing({ none, ever }: { none: string; ever: boolean }) {
  const { data: agents } = useQuery(queries.agents);
  if (ever) return <EmptyState title={none} mood="asleep" />;
  return (
    <EmptyState
      title="Nothing has been asked yet"
      mood="asleep"
      action={
        <LinkButton to="/home" variant="light">
          {agents?.length === 0 ? "Teach your first agent" : "Ask one of your agents"}
        </LinkButton>
      }
    >
      After the first answer you see here what was used, by whom, and who pays.
    </EmptyState>
  );
}

/** The chosen part of the history, drawn or as a table. */
function Drawn({ history, shown, metric }: { history: UsageHistory; shown: Shown; metric: ChartMetric }) {
  const [asTable, setAsTable] = useState(false);
  const { firstDay, parts } = history;
  const asked = history.days.map(({ day }) => day);
  const days = shownDays(asked, firstDay);
  const bars = shown.by === "day" ? dayBars(days, parts, metric) : namedBars(parts, metric);
  const used = bars.some(({ total }) => total > 0);
  if (!used && !(asTable && parts.length > 0)) return <Nothing none={metric.none} ever={firstDay !== null} />;
  const isYoung = firstDay !== null && firstDay > asked[0]!;
  return (
    <>
      {asTable ? (
        <PartTable by={shown.by} parts={parts} />
      ) : (
        <>
          {shown.by === "day" && <DayBars key={`${metric.id} ${shown.days}`} metric={metric} bars={bars} />}
          {shown.by !== "day" && <NamedBars key={shown.by} metric={metric} bars={bars} />}
          <Legend metric={metric} bars={bars} />
        </>
      )}
      <div className={styles["below"]}>
        <p>
          {metric.about}
          {isYoung && ` The first answer was on ${formatDay(firstDay)}.`} Days begin at 00:00 UTC.
        </p>
        <Group gap="xs">
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAsTable(!asTable)}>
            {asTable ? "Show as a chart" : "Show as a table"}
          </Button>
          <Button
            component="a"
            href={`${pathOf(exportUsage)}?days=${shown.days}`}
            download
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<Download size={16} aria-hidden />}
          >
            Download as CSV
          </Button>
        </Group>
      </div>
    </>
  );
}

/** What was used in the last days, by day, agent or brain, and who pays. What is shown stands in the address. */
export function History() {
  const shown = readShown({ ...route.useSearch() });
  const navigate = route.useNavigate();
  const show = (change: Partial<Shown>) =>
    void navigate({ search: searchOf({ ...shown, ...change }), replace: true, resetScroll: false });
  const { data, error, refetch } = useQuery(queries.usageHistory(shown.days, shown.by));
  const metric = chartMetrics.find(({ id }) => id === shown.show) ?? chartMetrics[0];
  return (
    <section className={styles["history"]} aria-labelledby="usage-history">
      <Group justify="space-between" gap="sm">
        <Title order={2} id="usage-history">
          The last {shown.days} days
        </Title>
        <SegmentedControl
          aria-label="What to show"
          data={chartMetrics.map(({ id, label }) => ({ value: id, label }))}
          value={shown.show}
          onChange={(id) => show({ show: id })}
        />
      </Group>
      <Group gap="sm">
        <SegmentedControl
          aria-label="How to tell it apart"
          data={breakdowns}
          value={shown.by}
          onChange={(by) => show({ by })}
        />
        <Select
          aria-label="How many days"
          w={140}
          allowDeselect={false}
          data={spans.map((days) => ({ value: String(days), label: `${days} days` }))}
          value={String(shown.days)}
          onChange={(days) => show({ days: readShown({ days }).days })}
        />
      </Group>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonLines count={1} height={240} />}
      {data && <Drawn history={data} shown={shown} metric={metric} />}
    </section>
  );
}
