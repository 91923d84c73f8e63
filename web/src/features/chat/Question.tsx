import { ActionIcon, Tooltip, VisuallyHidden } from "@mantine/core";
import { Pencil } from "lucide-react";
import { memo } from "react";
import styles from "./chat.module.css";
import { type ChatMessage, textOf } from "./messages.ts";

interface QuestionProps {
  message: ChatMessage;
  /** Present on the last question while nothing is being answered. */
  onEdit?: (() => void) | undefined;
}

/** What the person asked. */
export const Question = memo(function Question({ message, onEdit }: QuestionProps) {
  return (
    <li className={styles["question"]}>
      {onEdit && (
        <Tooltip label="Edit this question">
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Edit this question" onClick={onEdit}>
            <Pencil size={18} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      <div className={styles["bubble"]}>
        <VisuallyHidden>You asked:</VisuallyHidden>
        <p>{textOf(message)}</p>
      </div>
    </li>
  );
});
