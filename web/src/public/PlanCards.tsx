import { Button } from "@mantine/core";
import { type FeatureId, featureIds, featureLabels, type Plan, planOf, plans } from "@charlie/contract";
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

/** The plans side by side; `brief` leaves out features and buttons. */
export function PlanCards({ brief = false }: { brief?: boolean }) {
  return (
    <div className={styles["plans"]}>
      {plans.map((plan) => (
        <section key={plan.id} className={styles["plan"]} aria-labelledby={`plan-${plan.id}`}>
          <h3 id={`plan-${plan.id}`}>{plan.name}</h3>
          <p className={styles["price"]}>
            <strong>{formatCents(plan.monthlyCents)}</strong> a month
          </p>
          <p className={styles["for"]}>{plan.pitch}</p>
          <ul className={styles["limits"]}>
            <li>
              <strong>{formatLimit(plan.limits.messagesPerDay)}</strong> messages a day
            </li>
            <li>
              <strong>{formatLimit(plan.limits.agents)}</strong> agents
            </li>
            <li>
              <strong>{formatLimit(plan.limits.projects)}</strong> {plan.limits.projects === 1 ? "project" : "projects"}
            </li>
          </ul>
          {!brief && (
            <>
              <Button component="a" href={planHref(plan)} variant={plan.id === "pro" ? "filled" : "default"} fullWidth>
                {plan.monthlyCents === 0 ? "Start free" : `Choose ${plan.name}`}
              </Button>
              <Features plan={plan} />
            </>
          )}
        </section>
      ))}
    </div>
  );
}
