import { featureIds, featureLabels, type FeatureState, plans } from "@charlie/contract";
import { Check, Minus } from "lucide-react";
import { formatCents, formatLimit } from "../ui/format.ts";
import styles from "./comparison.module.css";
import { Coming } from "./Coming.tsx";

function State({ state }: { state: FeatureState }) {
  if (state === "coming") return <Coming />;
  const Icon = state === "yes" ? Check : Minus;
  return <Icon size={20} role="img" aria-label={state} className={state === "no" ? styles["no"] : undefined} />;
}

/** Every limit and feature of every plan, as a table. */
export function Comparison() {
  const rows = [
    { label: "Price a month", cells: plans.map((plan) => formatCents(plan.monthlyCents)) },
    { label: "Price a year", cells: plans.map((plan) => formatCents(plan.yearlyCents)) },
    { label: "Messages a day", cells: plans.map((plan) => formatLimit(plan.limits.messagesPerDay)) },
    { label: "Agents", cells: plans.map((plan) => formatLimit(plan.limits.agents)) },
    { label: "Projects", cells: plans.map((plan) => formatLimit(plan.limits.projects)) },
    ...featureIds.map((id) => ({
      label: featureLabels[id],
      cells: plans.map((plan) => <State key={plan.id} state={plan.features[id]} />),
    })),
    { label: "Support", cells: plans.map((plan) => plan.support) },
  ];
  return (
    <div className={styles["sheet"]}>
      <table className={styles["table"]}>
        <thead>
          <tr>
            <th scope="col">
              <span className={styles["hidden"]}>What</span>
            </th>
            {plans.map((plan) => (
              <th key={plan.id} scope="col">
                {plan.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ label, cells }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {cells.map((cell, index) => (
                <td key={plans[index]?.id}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
