import { Button } from "@mantine/core";
import { useState } from "react";
import { TextLink } from "../../ui/LinkButton.tsx";
import styles from "./history.module.css";
import { Pieces } from "./Pieces.tsx";
import { type Bar, type ChartMetric, sayBar } from "./used.ts";

/** So many are shown at first. */
const first = 8;

const states = { awake: null, frozen: "asleep", deleted: "deleted" };
const providers = { offline: null, openai: "OpenAI", anthropic: "Anthropic", compatible: "Your own AI server" };

function Name({ label, part }: Pick<Bar, "label" | "part">) {
  const { agent, brain } = part ?? {};
  const note = agent ? states[agent.state] : brain ? providers[brain.provider] : null;
  return (
    <span className={styles["name"]}>
      {agent && agent.state !== "deleted" ? (
        <TextLink to="/agents/$agentId" params={{ agentId: agent.id }}>
          {label}
        </TextLink>
      ) : (
        <strong>{label}</strong>
      )}
      {note && <span className={styles["note"]}> · {note}</span>}
    </span>
  );
}

/** One bar for each agent or brain, the longest first, with its number beside it. */
export function NamedBars({ metric, bars }: { metric: ChartMetric; bars: readonly Bar[] }) {
  const [all, setAll] = useState(false);
  const most = bars[0]?.total ?? 1;
  const shown = all ? bars : bars.slice(0, first);
  return (
    <>
      <ol className={styles["named"]}>
        {shown.map((bar) => (
          <li key={bar.key}>
            <div className={styles["line"]}>
              <Name {...bar} />
              <span className="tabular">{sayBar(metric, bar)}</span>
            </div>
            <div className={styles["track"]}>
              <div style={{ width: `${(bar.total / most) * 100}%` }}>
                <Pieces bar={bar} />
              </div>
            </div>
          </li>
        ))}
      </ol>
      {shown.length < bars.length && (
        <Button variant="subtle" size="compact-sm" className={styles["more"]} onClick={() => setAll(true)}>
          Show all {bars.length}
        </Button>
      )}
    </>
  );
}
