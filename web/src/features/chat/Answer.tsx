import { ActionIcon, Badge, Button, Tooltip, VisuallyHidden } from "@mantine/core";
import type { Failure } from "@charlie/contract";
import { useClipboard } from "@mantine/hooks";
import { Check, Copy, RotateCcw } from "lucide-react";
import { lazy, memo, Suspense } from "react";
import { AgentFace } from "../../ui/AgentFace.tsx";
import styles from "./answer.module.css";
import { Feedback } from "./Feedback.tsx";
import { type ChatMessage, textOf } from "./messages.ts";
import type { Speaker } from "./speaker.ts";
import { Why } from "./Why.tsx";

const Markdown = lazy(() => import("./Markdown.tsx"));

interface AnswerProps {
  agent: Speaker;
  message: ChatMessage;
  /** Still coming. */
  streaming: boolean;
  /** Present on the last answer once it has ended: asks the same question again. */
  onAgain?: (() => void) | undefined;
  onRate: (id: string, rating: "up" | "down", reason?: string) => Promise<void>;
}

function CopyAnswer({ text }: { text: string }) {
  const { copied, copy } = useClipboard({ timeout: 2000 });
  const label = copied ? "Copied" : "Copy";
  const Icon = copied ? Check : Copy;
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={() => copy(text)}>
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function Again({ onAgain, strong }: { onAgain: () => void; strong: boolean }) {
  if (strong) {
    return (
      <Button size="sm" leftSection={<RotateCcw size={16} aria-hidden />} onClick={onAgain}>
        Try again
      </Button>
    );
  }
  return (
    <Tooltip label="Try again">
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Try again" onClick={onAgain}>
        <RotateCcw size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

/** Failures whose sentence says already that they don't count. */
const saysSo = new Set(["stopped", "interrupted", "internal"]);

function Failed({ failure }: { failure: Failure | null }) {
  const { code, message } = failure ?? { code: "unknown", message: "This answer did not come through." };
  // Stopped before the first word: nothing went wrong.
  if (code === "stopped") return <p className={styles["thinking"]}>{message}</p>;
  return (
    <p className={styles["failure"]}>
      {message} {!saysSo.has(code) && "This one did not count."}
    </p>
  );
}

/** One answer: his face, his words, how it ended, and what can be done with it. */
export const Answer = memo(function Answer({ agent, message, streaming, onAgain, onRate }: AnswerProps) {
  const text = textOf(message);
  const facts = message.metadata;
  const failed = facts?.state === "failed";
  const mood = failed ? "puzzled" : streaming ? (text ? "answering" : "thinking") : "listening";
  return (
    <li className={styles["answer"]}>
      <AgentFace id={agent.id} job={agent.job} mood={mood} size={40} />
      <div className={styles["words"]}>
        <VisuallyHidden>{agent.name} answered:</VisuallyHidden>
        {text && (
          <Suspense fallback={<p className={styles["plain"]}>{text}</p>}>
            <Markdown text={text} streaming={streaming} />
          </Suspense>
        )}
        {streaming && !text && (
          <p className={`${styles["thinking"]} ${styles["breathing"]}`}>{agent.name} is thinking</p>
        )}
        {facts?.state === "stopped" && (
          <Badge variant="default" tt="none" mt={text ? "xs" : 0}>
            Stopped
          </Badge>
        )}
        {failed && <Failed failure={facts.failure ?? null} />}
        {facts && !streaming && (
          <>
            <div className={styles["actions"]} data-icons={text !== ""}>
              {text && <CopyAnswer text={text} />}
              {!failed && (
                <Feedback
                  given={facts.feedback ?? null}
                  onRate={(rating, reason) => onRate(message.id, rating, reason)}
                />
              )}
              {onAgain && <Again onAgain={onAgain} strong={failed} />}
            </div>
            {text && facts.trace && <Why trace={facts.trace} usage={facts.usage ?? null} />}
          </>
        )}
      </div>
    </li>
  );
});
