import { Badge } from "@mantine/core";
import type { CustomerAiUsage } from "@charlie/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { formatDateTime, formatMicros } from "../../ui/format.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { adminQueries } from "./admin-queries.ts";
import styles from "./admin.module.css";
import { Pages } from "./Pages.tsx";

type Step = "recorded" | "reported" | "accepted" | "invoiced";
const steps: readonly { step: Step; label: string }[] = [
  { step: "recorded", label: "Recorded by us" },
  { step: "reported", label: "Reported to Stripe" },
  { step: "accepted", label: "Accepted by Stripe" },
  { step: "invoiced", label: "On invoices" },
];

/** What a step lacks of the one before, or has beyond it. */
const lackWords = (micros: number): string =>
  micros > 0 ? `${formatMicros(micros)} missing` : `${formatMicros(-micros)} too much`;

function Entry({ usage }: { usage: CustomerAiUsage }) {
  const { customer, differences, pendingMicros, lastReportedAt, error } = usage;
  const lacks = Object.values(differences).some((micros) => micros !== 0);
  return (
    <li>
      <div className={styles["between"]}>
        <TextLink to="/admin/customers/$customerId" params={{ customerId: customer.id }}>
          {customer.name}
        </TextLink>
        <Badge color={lacks ? "collar" : "green"} variant="light" miw="max-content">
          {lacks ? "On its way" : "All arrived"}
        </Badge>
      </div>
      <dl className={styles["sum"]}>
        {steps.map(({ step, label }) => {
          const lack = step === "recorded" ? 0 : differences[step];
          return (
            <div key={step}>
              <dt>{label}</dt>
              <dd className="tabular">
                {lack !== 0 && <span className={styles["lack"]}>{lackWords(lack)}</span>}
                {formatMicros(usage[`${step}Micros`])}
              </dd>
            </div>
          );
        })}
        <div>
          <dt>Waits for the next invoice</dt>
          <dd className="tabular">{formatMicros(pendingMicros)}</dd>
        </div>
      </dl>
      <span className={styles["small"]}>
        {lastReportedAt ? `Last report accepted on ${formatDateTime(lastReportedAt)}` : "No report accepted yet"}
      </span>
      {error !== null && <p>{error}</p>}
    </li>
  );
}

/** What AI with our key comes to for each customer, step by step on its way to the invoice. */
export function AiUsage() {
  useTitle("AI usage");
  const query = useInfiniteQuery(adminQueries.aiUsage);
  return (
    <section>
      <p className={styles["quiet"]}>
        What answers with your AI key cost on paid plans, passed on at cost. Each step should hold what the one before
        holds; reports go out every hour, so something new is on its way for a while.
      </p>
      <Pages
        query={query}
        empty={
          <EmptyState title="Nothing to pass on yet" mood="asleep">
            Answers with your own AI key on paid plans are listed here by customer.
          </EmptyState>
        }
      >
        {(customers) => (
          <ol className={styles["entries"]}>
            {customers.map((usage) => (
              <Entry key={usage.customer.id} usage={usage} />
            ))}
          </ol>
        )}
      </Pages>
    </section>
  );
}
