import { Table, Title } from "@mantine/core";
import { planOf, type Revenue as RevenueData } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { BigNumber } from "../../ui/BigNumber.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatDate, formatMicros, formatUnits } from "../../ui/format.ts";
import { LinkButton, TextLink } from "../../ui/LinkButton.tsx";
import { SkeletonCards } from "../../ui/Skeletons.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { adminQueries } from "./admin-queries.ts";
import styles from "./admin.module.css";
import { Months } from "./Months.tsx";

const terms: readonly [term: string, meaning: string][] = [
  [
    "MRR",
    "Monthly recurring revenue: what all running plans cost at their next renewal, discounts taken off, before tax, a yearly plan by its twelfth. Trials count once they are paid.",
  ],
  ["New", "Plans of customers who paid for none before, or whose last one had ended."],
  ["Expansion", "More from customers who had a plan: a bigger plan, or a discount that ran out."],
  ["Contraction", "Less from customers who keep a plan: a smaller plan, the cheaper year, or a discount."],
  ["Churn", "Plans that ended: cancelled and run out, or given up by Stripe after its last try to get the money."],
  ["Past due", "The part of MRR whose last payment failed and that Stripe still tries to get."],
  ["Recovered", "Plans whose payment had failed and was made after all. They were part of MRR all along."],
  [
    "Month",
    "From the first to the last day in UTC, by when we heard of it. At start + new + expansion − contraction − churn = at end.",
  ],
];

function Terms() {
  return (
    <section>
      <Title order={2} mb="sm">
        What the words mean
      </Title>
      <dl className={styles["terms"]}>
        {terms.map(([term, meaning]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function ByPlan({ plans }: Pick<RevenueData, "plans">) {
  return (
    <section className={styles["card"]}>
      <Title order={2} size="h4">
        By plan
      </Title>
      <Table horizontalSpacing={0} className={styles["table"]}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Plan</Table.Th>
            <Table.Th ta="right">Customers</Table.Th>
            <Table.Th ta="right">MRR</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plans.map(({ plan, interval, payers, mrrMicros }) => (
            <Table.Tr key={`${plan} ${interval}`}>
              <Table.Td>
                {planOf(plan).name}, by the {interval}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {payers}
              </Table.Td>
              <Table.Td ta="right" className="tabular">
                {formatMicros(mrrMicros, "near")}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Now({ revenue }: { revenue: RevenueData }) {
  const { mrrMicros, payers, pastDueMicros, pastDuePayers, endingMicros, endingPayers, now, plans } = revenue;
  return (
    <div className={styles["cards"]}>
      <section className={styles["card"]} aria-label="Now">
        <BigNumber
          label={`MRR on ${formatDate(now)}`}
          value={formatMicros(mrrMicros, "near")}
          unit="a month"
          changes={`from ${formatUnits(payers, "customer")} · ${formatMicros(mrrMicros * 12, "near")} a year`}
        />
      </section>
      <section className={styles["card"]} aria-label="At risk">
        <BigNumber
          label="Of it past due"
          value={formatMicros(pastDueMicros, "near")}
          unit="a month"
          changes={
            <TextLink to="/admin/customers" search={{ group: "past_due" }}>
              {formatUnits(pastDuePayers, "customer")}
            </TextLink>
          }
        />
        <BigNumber
          label="Of it cancelled, and about to end"
          value={formatMicros(endingMicros, "near")}
          unit="a month"
          changes={
            <TextLink to="/admin/customers" search={{ group: "ending" }}>
              {formatUnits(endingPayers, "customer")}
            </TextLink>
          }
        />
      </section>
      <ByPlan plans={plans} />
    </div>
  );
}

/** Whether there ever was any. */
const isEmpty = ({ payers, months }: RevenueData): boolean =>
  payers === 0 && months.every(({ startMicros, newMicros }) => startMicros === 0 && newMicros === 0);

/** What comes in each month, and how it came about. */
export function Revenue() {
  useTitle("Revenue");
  const { data, error, refetch } = useQuery(adminQueries.revenue);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonCards count={3} height={180} />;
  return (
    <div className={styles["stack"]}>
      {isEmpty(data) ? (
        <EmptyState
          title="Nobody pays yet"
          mood="listening"
          action={<LinkButton to="/admin/planning">Plan what could come in</LinkButton>}
        >
          The first payment shows here a moment after it is made.
        </EmptyState>
      ) : (
        <>
          <Now revenue={data} />
          <Months months={data.months} />
        </>
      )}
      <Terms />
    </div>
  );
}
