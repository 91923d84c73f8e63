import { NumberInput } from "@mantine/core";
import { planOf } from "@charlie/contract";
import { useState } from "react";
import { BigNumber } from "../../ui/BigNumber.tsx";
import { formatCents, formatUnits } from "../../ui/format.ts";
import { useTitle } from "../../ui/use-title.ts";
import styles from "./admin.module.css";
import { plan, type Scenario, scenarios } from "./planning.ts";

/** The most users that a scenario takes. */
const most = 10_000_000;

interface FieldsProps {
  scenario: Scenario;
  onChange: (scenario: Scenario) => void;
}

function Fields({ scenario, onChange }: FieldsProps) {
  const field = (name: keyof Scenario, max: number) => ({
    value: scenario[name],
    min: 0,
    max,
    clampBehavior: "strict" as const,
    allowNegative: false,
    hideControls: true,
    onChange: (value: string | number) => onChange({ ...scenario, [name]: Number(value) || 0 }),
  });
  return (
    <div className={styles["fields"]}>
      <NumberInput label="Users" allowDecimal={false} thousandSeparator="," {...field("users", most)} />
      <NumberInput label="On Pro" suffix=" %" {...field("proShare", 100 - scenario.teamShare)} />
      <NumberInput label="On Team" suffix=" %" {...field("teamShare", 100 - scenario.proShare)} />
    </div>
  );
}

/** What so many users would bring in, if so many of them paid. */
export function Planning() {
  useTitle("Planning");
  const [planned, setPlanned] = useState<readonly Scenario[]>(scenarios);
  return (
    <section>
      <p className={styles["quiet"]}>
        Change the numbers and see what would come in each month, at {formatCents(planOf("pro").monthlyCents)} for Pro
        and {formatCents(planOf("team").monthlyCents)} for Team. Nothing is saved.
      </p>
      <div className={styles["cards"]}>
        {planned.map((scenario, index) => {
          const { pro, team, mrrCents } = plan(scenario);
          const name = `Plan ${"ABC".charAt(index)}`;
          return (
            <fieldset key={name} className={styles["card"]}>
              <legend>{name}</legend>
              <Fields scenario={scenario} onChange={(changed) => setPlanned((before) => before.with(index, changed))} />
              <output aria-label={`${name} brings in`}>
                <BigNumber
                  label={`${formatUnits(pro, "person", "people")} on Pro, ${team} on Team`}
                  value={formatCents(mrrCents)}
                  unit="a month"
                  changes={`${formatCents(mrrCents * 12)} a year`}
                />
              </output>
            </fieldset>
          );
        })}
      </div>
    </section>
  );
}
