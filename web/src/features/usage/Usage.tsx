import { Button, Progress, Title } from "@mantine/core";
import { planOf, type UsageLimits } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { BigNumber } from "../../ui/BigNumber.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatAgo, formatCount, formatDateTime, formatUnits } from "../../ui/format.ts";
import { PageHead } from "../../ui/PageHead.tsx";
import { SkeletonCards } from "../../ui/Skeletons.tsx";
import { UsageBar } from "../../ui/UsageBar.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { useUpgrade } from "../billing/upgrade.tsx";
import { planAbove } from "../billing/upgrade-words.ts";
import { AiCost } from "./AiCost.tsx";
import { MessagesForecast } from "./Forecasts.tsx";
import { History } from "./History.tsx";
import { Refusals } from "./Refusals.tsx";
import styles from "./usage.module.css";

interface MessagesProps extends Pick<UsageLimits, "messagesPerDay"> {
  /** ms since 1970. */
  fetchedAt: number;
}

function Messages({ messagesPerDay, fetchedAt }: MessagesProps) {
  const { used, limit, resetsAt } = messagesPerDay;
  const left = limit === null ? null : Math.max(0, limit - used);
  const resets = resetsAt && `Starts again ${formatAgo(resetsAt)}, ${formatDateTime(resetsAt)} (00:00 UTC)`;
  const leftWords = left === null ? null : left === 0 ? "None left." : `${formatCount(left)} left.`;
  return (
    <section className={styles["card"]} aria-labelledby="usage-messages">
      <Title order={2} size="h4" id="usage-messages">
        Messages today
      </Title>
      <BigNumber
        label="Sent today"
        value={formatCount(used)}
        unit={limit === null ? "no limit" : `of ${formatUnits(limit, "message")}`}
        changes={[leftWords, resets].filter(Boolean).join(" ")}
      />
      {limit !== null && (
        <Progress.Root size="lg">
          <Progress.Section
            value={Math.min(100, (used / Math.max(1, limit)) * 100)}
            color={left === 0 ? "red" : "collar"}
            aria-label="Used today"
            aria-valuetext={`${formatCount(used)} of ${formatUnits(limit, "message")}`}
          />
        </Progress.Root>
      )}
      <MessagesForecast messages={messagesPerDay} fetchedAt={fetchedAt} />
    </section>
  );
}

function Making({ plan, agents, projects }: UsageLimits) {
  const upgrade = useUpgrade();
  const { name } = planOf(plan);
  return (
    <section className={styles["card"]} aria-labelledby="usage-making">
      <Title order={2} size="h4" id="usage-making">
        In your workspace
      </Title>
      <UsageBar label="Agents" used={agents.used} limit={agents.limit} />
      <UsageBar label="Projects" used={projects.used} limit={projects.limit} />
      <p className={styles["plan"]}>
        This is what {name} allows.{" "}
        {planAbove(plan) && (
          <Button variant="subtle" size="compact-sm" onClick={() => upgrade()}>
            Room for more
          </Button>
        )}
      </p>
    </section>
  );
}

/** A page that stays open goes on telling what is true. */
const newNumbersMs = 5 * 60_000;

/** What is used, what is left, when it starts again, what was refused, and the last days. */
export function Usage() {
  useTitle("Usage");
  const { data, error, refetch, dataUpdatedAt } = useQuery({ ...queries.usageLimits, refetchInterval: newNumbersMs });
  return (
    <>
      <PageHead title="Usage" description="What you have used, what is left, and when it starts again." />
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonCards count={3} height={220} />}
      {data && (
        <div className={styles["cards"]}>
          <Messages messagesPerDay={data.messagesPerDay} fetchedAt={dataUpdatedAt} />
          <Making {...data} />
          <AiCost {...data} />
        </div>
      )}
      <History />
      <Refusals />
    </>
  );
}
