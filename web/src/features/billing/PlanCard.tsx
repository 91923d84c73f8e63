import { Alert, Anchor, Badge, Group } from "@mantine/core";
import { planOf, type Subscription } from "@charlie/contract";
import { BigNumber } from "../../ui/BigNumber.tsx";
import { formatDate } from "../../ui/format.ts";
import styles from "./billing.module.css";
import { priceWords, standingWords } from "./billing-words.ts";
import { isPaid } from "./chosen.ts";
import { Manage } from "./Manage.tsx";
import { allowanceWords } from "./upgrade-words.ts";

const colours = { calm: "green", ending: "gray", trouble: "red" } as const;

/** The plan in large letters, how it stands, what it allows, what comes next, and the ways to change it. */
export function PlanCard({ subscription }: { subscription: Subscription }) {
  const { plan, interval, periodStart, periodEnd, pastDue } = subscription;
  const { name, limits } = planOf(plan);
  const standing = standingWords(subscription);
  const running = isPaid(plan) && !pastDue && periodStart !== null && periodEnd !== null;
  return (
    <div className={styles["planCard"]}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <BigNumber label="Your plan" value={name} unit={priceWords(plan, isPaid(plan) ? interval : null)} />
        <Badge color={colours[standing.tone]} variant="light" size="lg" tt="none">
          {standing.label}
        </Badge>
      </Group>
      {standing.next &&
        (standing.tone === "calm" ? (
          <p className={styles["next"]}>{standing.next}</p>
        ) : (
          <Alert color={standing.tone === "trouble" ? "red" : "collar"} variant="light">
            {standing.next}
          </Alert>
        ))}
      {running && (
        <p className={styles["period"]}>
          Paid from {formatDate(periodStart)} to {formatDate(periodEnd)}.
        </p>
      )}
      <p className={styles["period"]}>
        It allows {allowanceWords("messagesPerDay", limits.messagesPerDay)}, {allowanceWords("agents", limits.agents)}{" "}
        and {allowanceWords("projects", limits.projects)}. <Anchor href="/pricing">Compare all plans</Anchor>
      </p>
      <Manage subscription={subscription} />
    </div>
  );
}
