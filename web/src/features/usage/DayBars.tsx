import type { UsageHistory } from "@charlie/contract";
import { useState } from "react";
import { type ChartMetric, chartWords, dayWords, summaryOf } from "./history-words.ts";
import styles from "./usage.module.css";

interface DayBarsProps {
  metric: ChartMetric;
  days: UsageHistory["days"];
}

/** Marked under the chart: the first day, the last, and some between them. */
const marks = (count: number) => [0, Math.floor((count - 1) / 2), count - 1];

/** One bar a day. Under the pointer it says its number; the table beside it says all of them to everybody. */
export function DayBars({ metric, days }: DayBarsProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const summary = summaryOf({ days });
  const shown = pointed === null ? undefined : days[pointed];
  return (
    <div className={styles["chart"]}>
      <p className={styles["readout"]} aria-hidden>
        {shown ? (
          <>
            <strong>{dayWords(shown.day)}</strong> {metric.say(shown.value)}
          </>
        ) : (
          chartWords(metric, summary)
        )}
      </p>
      <div role="img" aria-label={chartWords(metric, summary)} className={styles["plot"]}>
        <span className={styles["top"]}>{metric.short(summary.top)}</span>
        <div className={styles["bars"]} onPointerLeave={() => setPointed(null)}>
          {days.map(({ day, value }, index) => (
            <div
              key={day}
              className={styles["column"]}
              data-pointed={index === pointed}
              onPointerEnter={() => setPointed(index)}
              onPointerDown={() => setPointed(index)}
            >
              {value > 0 && <div className={styles["bar"]} style={{ height: `${(value / summary.top) * 100}%` }} />}
            </div>
          ))}
        </div>
      </div>
      <div className={styles["days"]} aria-hidden>
        {marks(days.length).map((index, place) => (
          <span key={place}>{days[index] && dayWords(days[index].day)}</span>
        ))}
      </div>
    </div>
  );
}
