import { Button } from "@mantine/core";
import {
  type BillingInterval,
  billingIntervals,
  type FeatureId,
  featureIds,
  featureLabels,
  type Plan,
  planOf,
  plans,
  priceCents,
} from "@charlie/contract";
import { Check, Clock } from "lucide-react";
import { formatCents, formatLimit } from "../ui/format.ts";
import { Coming } from "./Coming.tsx";
import { planHref } from "./plan-href.ts";
import styles from "./pricing.module.css";

const upgradesFrom: Partial<Record<Plan["id"], Plan["id"]>> = { pro: "free", team: "pro" };

/** What this plan has and the one below it has not. */
function added(plan: Plan): FeatureId[] {
  const below = upgradesFrom[plan.id];
  return featureIds.filter((id) => plan.features[id] !== "no" && (!below || planOf(below).features[id] === "no"));
}

function Features({ plan }: { plan: Plan }) {
  const below = upgradesFrom[plan.id];
  return (
    <ul className={styles["features"]}>
      {below && <li className={styles["all"]}>All of {planOf(below).name}, and</li>}
      {added(plan).map((id) => (
        <li key={id}>
          {plan.features[id] === "yes" ? <Check size={18} aria-hidden /> : <Clock size={18} aria-hidden />}
          <span>
            {featureLabels[id]} {plan.features[id] === "coming" && <Coming />}
          </span>
        </li>
      ))}
      <li>
        <Check size={18} aria-hidden />
        <span className={styles["capital"]}>{plan.support} support</span>
      </li>
    </ul>
  );
}

const intervalWords: Record<BillingInterval, string> = { month: "By the month", year: "By the year" };

/** Month or year. Radio buttons that the style sheet listens to: it works without a script. */
function IntervalChoice() {
  return (
    <div className={styles["intervals"]} role="radiogroup" aria-label="How do you want to pay?">
      {billingIntervals.map((interval) => (
        <label key={interval}>
          <input type="radio" name="interval" value={interval} defaultChecked={interval === "month"} />
          <span>
            {intervalWords[interval]} {interval === "year" && <em>two months free</em>}
          </span>
        </label>
      ))}
    </div>
  );
}

/** Both prices: the chosen one large, the other one below it. */
function Price({ plan }: { plan: Plan }) {
  if (plan.monthlyCents === 0) {
    return (
      <p className={styles["price"]}>
        <strong>{formatCents(0)}</strong> for as long as you like
      </p>
    );
  }
  const [month, year] = [formatCents(priceCents(plan, "month")), formatCents(priceCents(plan, "year"))];
  return (
    <div>
      <p className={`${styles["price"]} ${styles["byMonth"]}`}>
        <strong>{month}</strong> a month
      </p>
      <p className={`${styles["or"]} ${styles["byMonth"]}`}>or {year} a year: two months free</p>
      <p className={`${styles["price"]} ${styles["byYear"]}`}>
        <strong>{year}</strong> a year
      </p>
      <p className={`${styles["or"]} ${styles["byYear"]}`}>two months free; or {month} a month</p>
    </div>
  );
}

function Choose({ plan, interval }: { plan: Plan; interval: BillingInterval }) {
  const free = plan.monthlyCents === 0;
  return (
    <Button
      component="a"
      href={planHref(plan, interval)}
      variant={plan.id === "pro" ? "filled" : "default"}
      fullWidth
      {...(!free && { className: styles[interval === "month" ? "byMonth" : "byYear"] })}
    >
      {free ? "Start free" : `Choose ${plan.name}`}
    </Button>
  );
}

/** The plans side by side; `brief` leaves out features and buttons. */
export function PlanCards({ brief = false }: { brief?: boolean }) {
  return (
    <div className={styles["offer"]}>
      {!brief && <IntervalChoice />}
      <div className={styles["plans"]}>
        {plans.map((plan) => (
          <section key={plan.id} className={styles["plan"]} aria-labelledby={`plan-${plan.id}`}>
            <h3 id={`plan-${plan.id}`}>{plan.name}</h3>
            <Price plan={plan} />
            <p className={styles["for"]}>{plan.pitch}</p>
            <ul className={styles["limits"]}>
              <li>
                <strong>{formatLimit(plan.limits.messagesPerDay)}</strong> messages a day
              </li>
              <li>
                <strong>{formatLimit(plan.limits.agents)}</strong> agents
              </li>
              <li>
                <strong>{formatLimit(plan.limits.projects)}</strong>{" "}
                {plan.limits.projects === 1 ? "project" : "projects"}
              </li>
            </ul>
            {!brief && (
              <>
                <Choose plan={plan} interval="month" />
                {plan.monthlyCents > 0 && <Choose plan={plan} interval="year" />}
                <Features plan={plan} />
              </>
            )}
          </section>
        ))}
      </div>
    </div>
  );
}
