import { type KeyboardEvent, useId, useState } from "react";
import styles from "./history.module.css";
import { Pieces } from "./Pieces.tsx";
import { type Bar, type ChartMetric, chartWords, sayBar, topOf } from "./used.ts";

/** Marked under the chart: the first day, the last, and one between them. */
const marks = (count: number) => [0, Math.floor((count - 1) / 2), count - 1];

/** Where a key leads from this day; `null` for other keys. */
function dayFor(key: string, from: number, last: number): number | null {
  if (key === "ArrowLeft" || key === "ArrowDown") return Math.max(0, from - 1);
  if (key === "ArrowRight" || key === "ArrowUp") return Math.min(last, from + 1);
  if (key === "Home") return 0;
  return key === "End" ? last : null;
}

/**
 * One bar a day. The day under the pointer, or chosen with the arrow keys, says its number; where few days are shown, each
 * bar says it.
 */
export function DayBars({ metric, bars }: { metric: ChartMetric; bars: readonly Bar[] }) {
  const [pointed, setPointed] = useState<number | null>(null);
  const readout = useId();
  const last = bars.length - 1;
  const index = Math.min(pointed ?? last, last);
  const shown = bars[index]!;
  const top = topOf(bars);
  const each = bars.length <= 8;

  function onKeyDown(event: KeyboardEvent) {
    const next = dayFor(event.key, index, last);
    if (next === null) return;
    event.preventDefault();
    setPointed(next);
  }

  return (
    <div>
      <p className={styles["readout"]} id={readout}>
        {pointed === null ? (
          chartWords(metric, bars)
        ) : (
          <>
            <strong>{shown.label}</strong> {sayBar(metric, shown)}
          </>
        )}
      </p>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${metric.label} by day`}
        aria-describedby={readout}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={index}
        aria-valuetext={`${shown.label}: ${sayBar(metric, shown)}`}
        className={styles["plot"]}
        onKeyDown={onKeyDown}
        onBlur={() => setPointed(null)}
        onPointerLeave={() => setPointed(null)}
      >
        <span className={styles["top"]}>{metric.short(top)}</span>
        <div className={styles["bars"]}>
          {bars.map((bar, at) => (
            <div
              key={bar.key}
              className={styles["column"]}
              data-pointed={at === pointed}
              onPointerEnter={() => setPointed(at)}
              onPointerDown={() => setPointed(at)}
            >
              {bar.total > 0 && (
                <div className={styles["bar"]} style={{ height: `${(bar.total / top) * 100}%` }}>
                  {each && <span className={styles["value"]}>{metric.short(bar.total)}</span>}
                  <Pieces bar={bar} upright />
                </div>
              )}
            </div>
          ))}
        </div>
      </div>
      <div className={styles["days"]} data-each={each} aria-hidden>
        {each
          ? bars.map(({ key, label }) => <span key={key}>{label}</span>)
          : marks(bars.length).map((at) => <span key={at}>{bars[at]?.label}</span>)}
      </div>
    </div>
  );
}
