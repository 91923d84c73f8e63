import { Alert, Anchor, Badge, Button, Group } from "@mantine/core";
import { planOf, type Subscription } from "@charlie/contract";
import { BigNumber } from "../../ui/BigNumber.tsx";
import { formatDate } from "../../ui/format.ts";
import styles from "./billing.module.css";
import { priceWords, standingWords } from "./billing-words.ts";
import { useUpgrade } from "./upgrade.tsx";
import { allowanceWords, planAbove } from "./upgrade-words.ts";
import { isPaid, type PortalFlow, usePortal } from "./use-checkout.ts";

const colours = { calm: "green", ending: "gray", trouble: "red" } as const;

/** Everything that changes a paid plan happens on Stripe's pages; which of them depends on how the plan stands. */
function Manage({ subscription }: { subscription: Subscription }) {
  const portal = usePortal();
  const { tone } = standingWords(subscription);
  const go = (flow: PortalFlow) => ({
    onClick: () => portal.mutate(flow),
    loading: portal.isPending && portal.variables === flow,
    disabled: portal.isPending && portal.variables !== flow,
  });
  if (tone === "ending") {
    return (
      <Group gap="xs">
        <Button {...go("home")}>Keep {planOf(subscription.plan).name}</Button>
        <Button variant="default" {...go("card")}>
          Change card
        </Button>
      </Group>
    );
  }
  const openInvoice = subscription.pastDue?.invoiceUrl;
  return (
    <Group gap="xs">
      {openInvoice && (
        <Button component="a" href={openInvoice}>
          Pay what is open
        </Button>
      )}
      <Button variant={tone === "trouble" && !openInvoice ? "filled" : "default"} {...go("card")}>
        {tone === "trouble" ? "Check the card" : "Change card"}
      </Button>
      <Button variant="default" {...go("switch")}>
        Change plan
      </Button>
      <Button variant="subtle" color="gray" {...go("cancel")}>
        Cancel plan
      </Button>
    </Group>
  );
}

/** The way up from a plan that is not paid for. */
function SeeMore({ subscription }: { subscription: Subscription }) {
  const upgrade = useUpgrade();
  const above = planAbove(subscription.plan);
  if (!above) return null;
  return (
    <Group>
      <Button onClick={() => upgrade()}>See what {above.name} gives</Button>
    </Group>
  );
}

/** The plan in large letters, how it stands, what it allows, what comes next, and the ways to change it. */
export function PlanCard({ subscription }: { subscription: Subscription }) {
  const { plan, interval, periodStart, periodEnd, canManage } = subscription;
  const { name, limits } = planOf(plan);
  const standing = standingWords(subscription);
  const running = isPaid(plan) && periodStart !== null && periodEnd !== null;
  return (
    <div className={styles["planCard"]}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <BigNumber label="Your plan" value={name} unit={priceWords(plan, interval)} />
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
      {canManage && isPaid(plan) && <Manage subscription={subscription} />}
      {!isPaid(plan) && <SeeMore subscription={subscription} />}
    </div>
  );
}
