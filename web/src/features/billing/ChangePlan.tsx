import { Modal, SegmentedControl } from "@mantine/core";
import { type BillingInterval, paidPlanIds, planOf } from "@charlie/contract";
import { useState } from "react";
import styles from "./billing.module.css";
import type { PaidPlan } from "./chosen.ts";
import { IntervalChoice } from "./IntervalChoice.tsx";
import { offerPrice } from "./switch-words.ts";
import { SwitchFigures } from "./SwitchFigures.tsx";

interface ChangePlanProps {
  opened: boolean;
  onClose: () => void;
  from: PaidPlan;
  interval: BillingInterval;
}

function Choosing({ from, interval: paidBy }: Pick<ChangePlanProps, "from" | "interval">) {
  const [plan, setPlan] = useState<PaidPlan>(paidPlanIds.find((id) => id !== from) ?? from);
  const [interval, setInterval] = useState(paidBy);
  const isNow = plan === from && interval === paidBy;
  return (
    <div className={styles["dialog"]}>
      <SegmentedControl
        fullWidth
        aria-label="Plan"
        value={plan}
        onChange={setPlan}
        data={paidPlanIds.map((id) => ({ value: id, label: planOf(id).name }))}
      />
      <IntervalChoice value={interval} onChange={setInterval} />
      <p className={styles["lead"]}>
        <strong>{planOf(plan).name}</strong>, {offerPrice(plan, interval)}
      </p>
      {isNow ? (
        <p className={styles["quiet"]}>That is what you have now. Choose another plan, or the other way to pay.</p>
      ) : (
        <SwitchFigures
          key={`${plan} ${interval}`}
          choice={{ plan, interval }}
          from={from}
          onMonth={() => setInterval("month")}
        />
      )}
    </div>
  );
}

/** Pro or Team, month or year: what changing costs, before anybody agrees. */
export default function ChangePlan({ opened, onClose, from, interval }: ChangePlanProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Change plan" size={480}>
      <Choosing from={from} interval={interval} />
    </Modal>
  );
}
