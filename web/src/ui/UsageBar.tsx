import { Progress } from "@mantine/core";
import { useId } from "react";
import { formatCount } from "./format.ts";
import styles from "./ui.module.css";

interface UsageBarProps {
  label: string;
  used: number;
  /** `null` means unlimited. */
  limit: number | null;
  /** When the count starts again, in words. */
  resets?: string;
}

/** How much of a limit is used. A full one is no alarm: one project of one is what Free has from its first minute. */
export function UsageBar({ label, used, limit, resets }: UsageBarProps) {
  const id = useId();
  const share = limit === null ? 0 : limit === 0 ? 100 : Math.min(100, (used / limit) * 100);
  const left = limit === null ? null : Math.max(0, limit - used);
  const leftWords = left === null ? "No limit" : left === 0 ? "None left" : `${formatCount(left)} left`;
  return (
    <div className={styles["usage"]}>
      <div className={styles["usageRow"]} id={id}>
        <span>{label}</span>
        <span className="tabular">
          <strong>{formatCount(used)}</strong>
          {limit !== null && ` of ${formatCount(limit)}`}
        </span>
      </div>
      {limit !== null && (
        <Progress.Root size="lg">
          <Progress.Section
            value={share}
            color={left === 0 ? "var(--quiet)" : "collar"}
            aria-labelledby={id}
            aria-valuetext={leftWords}
          />
        </Progress.Root>
      )}
      <p className={styles["small"]}>
        {leftWords}
        {resets && ` · ${resets}`}
      </p>
    </div>
  );
}
