import { SegmentedControl } from "@mantine/core";
import { type BillingInterval, billingIntervals } from "@charlie/contract";

const words: Record<BillingInterval, string> = { month: "By the month", year: "By the year" };

interface IntervalChoiceProps {
  value: BillingInterval;
  onChange: (interval: BillingInterval) => void;
}

/** Month or year. */
export function IntervalChoice({ value, onChange }: IntervalChoiceProps) {
  return (
    <SegmentedControl
      fullWidth
      aria-label="How do you want to pay?"
      value={value}
      onChange={onChange}
      data={billingIntervals.map((interval) => ({ value: interval, label: words[interval] }))}
    />
  );
}
