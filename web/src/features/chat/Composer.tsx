import { ActionIcon, Button, Group, Textarea } from "@mantine/core";
import { longestQuestion } from "@charlie/contract";
import { ArrowUp, Square } from "lucide-react";
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useId } from "react";
import { formatCount } from "../../ui/format.ts";
import styles from "./chat.module.css";

/** From here on the count is shown. */
const nearlyLongest = longestQuestion * 0.9;

/** Puts the focus into the field, but not on a touch screen: the keyboard would open over the page. */
export function focusWithMouse(field: RefObject<HTMLTextAreaElement | null>): void {
  if (window.matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true });
}

interface ComposerProps {
  name: string;
  text: string;
  onText: (text: string) => void;
  field: RefObject<HTMLTextAreaElement | null>;
  /** An answer is coming: there is a stop button instead of the send button. */
  busy: boolean;
  stopping: boolean;
  /** The last question is being changed instead of a new one asked. */
  editing: boolean;
  onSend: () => void;
  onStop: () => void;
  onCancelEdit: () => void;
  /** Up was pressed in the empty field. */
  onEditLast: () => void;
}

function Count({ length, id }: { length: number; id: string }) {
  const over = length - longestQuestion;
  return (
    <p id={id} className={styles["note"]} role={over > 0 ? "alert" : undefined}>
      {over > 0
        ? `That is ${formatCount(over)} characters more than he can read at once. Make it a little shorter; your text stays here.`
        : `${formatCount(-over)} characters left`}
    </p>
  );
}

/** Where one asks. Enter sends, Shift+Enter breaks the line, Up in the empty field takes the last question back. */
export function Composer(props: ComposerProps) {
  const { name, text, onText, field, busy, stopping, editing, onSend, onStop, onCancelEdit, onEditLast } = props;
  const noteId = useId();
  const length = text.trim().length;
  const noted = length > nearlyLongest;
  const sendable = length > 0 && length <= longestQuestion && !busy;

  useEffect(() => focusWithMouse(field), [field]);

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (sendable) onSend();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && text === "" && !busy) {
      event.preventDefault();
      onEditLast();
    }
  };

  return (
    <form onSubmit={submit} className={styles["composer"]}>
      {editing && (
        <Group justify="space-between" wrap="nowrap" gap="xs" className={styles["editing"]}>
          <span>You are changing your last question. He will answer it anew.</span>
          <Button variant="subtle" color="gray" size="compact-sm" onClick={onCancelEdit}>
            Leave it
          </Button>
        </Group>
      )}
      <div className={styles["field"]}>
        <Textarea
          ref={field}
          aria-label={editing ? "Your question, changed" : `Ask ${name}`}
          placeholder={`Ask ${name} …`}
          value={text}
          onChange={({ currentTarget }) => onText(currentTarget.value)}
          onKeyDown={onKeyDown}
          minRows={1}
          maxRows={8}
          enterKeyHint="send"
          aria-invalid={length > longestQuestion}
          {...(noted && { "aria-describedby": noteId })}
          variant="unstyled"
          classNames={{ root: styles["grow"]!, input: styles["input"]! }}
        />
        {busy ? (
          <ActionIcon
            size={44}
            radius="xl"
            variant="default"
            aria-label="Stop"
            loading={stopping}
            // The second click of a double click on "Send" falls on this button; it stops nothing.
            onClick={({ detail }) => detail < 2 && onStop()}
          >
            <Square size={16} fill="currentColor" aria-hidden />
          </ActionIcon>
        ) : (
          <ActionIcon type="submit" size={44} radius="xl" variant="filled" aria-label="Send" disabled={!sendable}>
            <ArrowUp size={22} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {noted && <Count length={length} id={noteId} />}
    </form>
  );
}
