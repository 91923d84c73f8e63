import { Title } from "@mantine/core";
import type { Agent } from "@charlie/contract";
import { AsleepNotice } from "../plans/AsleepNotice.tsx";
import styles from "./agent-page.module.css";
import { stepWords } from "./wizard/steps.ts";

/** What a sleeping agent was taught: to be read, not changed. */
export function AsleepTeach({ agent }: { agent: Agent }) {
  return (
    <>
      <AsleepNotice title={`${agent.name} is asleep`}>
        You can read what he was taught. It can be changed again when he is awake.
      </AsleepNotice>
      {(["who", "rules", "tricks"] as const).map((step) => (
        <section key={step} className={styles["taught"]}>
          <Title order={2} size="h4">
            {stepWords[step].question}
          </Title>
          <p>{agent[step] || "Nothing yet."}</p>
        </section>
      ))}
    </>
  );
}
