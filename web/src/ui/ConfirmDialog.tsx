import { Button, Group, Modal } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { notifyError } from "./toasts.tsx";

interface ConfirmDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, and what will not. */
  children: ReactNode;
  /** The verb on the button: "Delete Bello", never "OK". */
  confirm: string;
  /** Closes the dialogue when it ends well; when it throws, says so and stays open. */
  onConfirm: () => Promise<unknown>;
  danger?: boolean;
}

/** Asks before something that can't be taken back. What can be is done at once, with `notifyDone(…, { undo })`. */
export function ConfirmDialog({ opened, onClose, title, children, confirm, onConfirm, danger }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const run = () => {
    setBusy(true);
    onConfirm()
      .then(onClose, notifyError)
      .finally(() => setBusy(false));
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      {children}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep things as they are
        </Button>
        <Button color={danger ? "red" : "collar"} loading={busy} onClick={run}>
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
