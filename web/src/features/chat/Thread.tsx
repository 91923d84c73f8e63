import { VisuallyHidden } from "@mantine/core";
import { Answer } from "./Answer.tsx";
import styles from "./chat.module.css";
import { type ChatMessage, hasEnded } from "./messages.ts";
import { Question } from "./Question.tsx";
import type { Speaker } from "./speaker.ts";
import type { Phase } from "./use-session.ts";

interface ThreadProps {
  speaker: Speaker;
  messages: ChatMessage[];
  phase: Phase;
  /** Nothing can be asked again: he is asleep. */
  closed: boolean;
  onEdit: () => void;
  onAgain: () => void;
  onRate: (id: string, rating: "up" | "down", reason?: string) => Promise<void>;
}

const coming: ChatMessage = { id: "coming", role: "assistant", parts: [] };

/** What was said, oldest first. The last question can be edited, the last answer tried again. */
export function Thread({ speaker, messages, phase, closed, onEdit, onAgain, onRate }: ThreadProps) {
  const idle = phase === "idle";
  const lastId = messages.at(-1)?.id;
  const lastQuestionId = messages.findLast(({ role }) => role === "user")?.id;
  const awaited = !idle && messages.at(-1)?.role !== "assistant";
  const shown = awaited ? [...messages, coming] : messages;
  return (
    <>
      <VisuallyHidden component="h2">The chat</VisuallyHidden>
      <ol className={styles["thread"]}>
        {shown.map((message) =>
          message.role === "user" ? (
            <Question
              key={message.id}
              message={message}
              onEdit={idle && !closed && message.id === lastQuestionId ? onEdit : undefined}
            />
          ) : (
            <Answer
              key={message.id}
              agent={speaker}
              message={message}
              streaming={!idle && !hasEnded(message)}
              onAgain={idle && !closed && message.id === lastId ? onAgain : undefined}
              onRate={onRate}
            />
          ),
        )}
      </ol>
      {phase === "joining" && (
        <p className={styles["joining"]} role="status">
          The connection broke. {speaker.name} goes on writing, and the page is fetching what it missed …
        </p>
      )}
    </>
  );
}
