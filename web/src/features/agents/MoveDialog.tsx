import { Button, Group, Modal, Radio, Stack } from "@mantine/core";
import type { AgentSummary, Project } from "@charlie/contract";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { notifyDone } from "../../ui/toasts.tsx";

interface MoveDialogProps {
  opened: boolean;
  onClose: () => void;
  agent: Pick<AgentSummary, "name" | "projectId">;
  projects: readonly Project[];
  onMove: (projectId: string) => Promise<unknown>;
}

function MoveForm({ onClose, agent, projects, onMove }: Omit<MoveDialogProps, "opened">) {
  const [chosen, setChosen] = useState(agent.projectId);
  const move = useMutation({
    mutationFn: onMove,
    onSuccess: (_, projectId) => {
      const to = projects.find(({ id }) => id === projectId)?.name ?? "the project";
      notifyDone(`${agent.name} moved to ${to}.`, { undo: () => onMove(agent.projectId) });
      onClose();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (chosen === agent.projectId) onClose();
    else move.mutate(chosen);
  };
  return (
    <form onSubmit={send}>
      <Radio.Group label="Project" value={chosen} onChange={setChosen}>
        <Stack mt="xs">
          {projects.map(({ id, name }) => (
            <Radio key={id} value={id} label={name} size="md" />
          ))}
        </Stack>
      </Radio.Group>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={move.isPending}>
          Move
        </Button>
      </Group>
    </form>
  );
}

/** Asks which project an agent shall live in. */
export function MoveDialog({ opened, ...form }: MoveDialogProps) {
  return (
    <Modal opened={opened} onClose={form.onClose} title={`Move ${form.agent.name}`}>
      <MoveForm {...form} />
    </Modal>
  );
}
