import { Button, Group, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";

interface LeaveDialogProps {
  isChanged: boolean;
  name: string;
  /** Resolves to whether it was saved. */
  onSave: () => Promise<boolean>;
  /** Forgets the changes. */
  onDrop: () => void;
}

/** Before somebody leaves changes behind that are not saved: asks what shall become of them. */
export function LeaveDialog({ isChanged, name, onSave, onDrop }: LeaveDialogProps) {
  const [saving, setSaving] = useState(false);
  const blocker = useBlocker({
    // To the sign-in page leads a session that ended; the changes are kept until its owner is back.
    shouldBlockFn: ({ current, next }) =>
      isChanged && current.pathname !== next.pathname && next.pathname !== "/sign-in",
    enableBeforeUnload: () => isChanged,
    withResolver: true,
  });
  const stay = () => blocker.reset?.();
  const leave = () => {
    onDrop();
    blocker.proceed?.();
  };
  const save = async () => {
    setSaving(true);
    const saved = await onSave();
    setSaving(false);
    if (saved) blocker.proceed?.();
    else stay();
  };
  return (
    <Modal opened={blocker.status === "blocked"} onClose={stay} title={`${name} has not learned this yet`}>
      What you changed is not saved.
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={leave}>
          Leave without it
        </Button>
        <Button data-autofocus loading={saving} onClick={() => void save()}>
          Save and go on
        </Button>
      </Group>
    </Modal>
  );
}
