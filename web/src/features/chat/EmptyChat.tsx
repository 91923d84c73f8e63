import { Button, Title } from "@mantine/core";
import type { Agent } from "@charlie/contract";
import { AgentFace } from "../../ui/AgentFace.tsx";
import styles from "./chat.module.css";
import { sampleQuestions } from "./sample-questions.ts";
import { speakerOf } from "./speaker.ts";

/** A chat before its first question: who is there, and three things to ask him unless he is asleep. */
export function EmptyChat({ agent, onAsk }: { agent: Agent; onAsk: (question: string) => void }) {
  const { id, name, job } = speakerOf(agent);
  if (agent.frozen) {
    return (
      <div className={styles["empty"]}>
        <AgentFace id={id} job={job} size={112} mood="asleep" />
      </div>
    );
  }
  return (
    <div className={styles["empty"]}>
      <AgentFace id={id} job={job} size={112} />
      <Title order={2} size="h3">
        Ask {name} something
      </Title>
      <ul className={styles["samples"]}>
        {sampleQuestions(agent).map((question) => (
          <li key={question}>
            <Button variant="default" size="md" h="auto" mih={44} onClick={() => onAsk(question)}>
              {question}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
