import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Check, CircleAlert } from "lucide-react";
import { wordsFor } from "./problem-words.ts";

/** Says that something was done; with `undo` it offers to take it back for ten seconds. */
export function notifyDone(message: string, { undo }: { undo?: () => Promise<unknown> } = {}): void {
  const id = crypto.randomUUID();
  const takeBack = () => {
    notifications.hide(id);
    undo?.().then(
      () => notifyDone("Taken back."),
      (error: unknown) => notifyError(error),
    );
  };
  notifications.show({
    id,
    color: "green",
    icon: <Check size={18} aria-hidden />,
    autoClose: undo ? 10_000 : 5_000,
    message: undo ? (
      <Group justify="space-between" wrap="nowrap">
        <span>{message}</span>
        <Button size="compact-sm" variant="light" onClick={takeBack}>
          Undo
        </Button>
      </Group>
    ) : (
      message
    ),
  });
}

/** Says what went wrong and what to do. Stays until it is closed, since it may ask for something. */
export function notifyError(error: unknown): void {
  const { title, detail } = wordsFor(error);
  notifications.show({
    color: "red",
    icon: <CircleAlert size={18} aria-hidden />,
    autoClose: false,
    role: "alert",
    title,
    message: detail,
  });
}
