import { ActionIcon, Menu } from "@mantine/core";
import type { AgentSummary, Project } from "@charlie/contract";
import { useNavigate } from "@tanstack/react-router";
import { ArrowRightLeft, Copy, EllipsisVertical, GraduationCap, PencilLine, Trash2 } from "lucide-react";
import { useState } from "react";
import { NameDialog } from "../../ui/NameDialog.tsx";
import { MoveDialog } from "./MoveDialog.tsx";
import { useAgentActions } from "./use-agent-actions.ts";

interface AgentMenuProps {
  agent: Pick<AgentSummary, "id" | "name" | "projectId">;
  projects: readonly Project[];
  /** After he was deleted. */
  onDeleted?: () => void;
  /** On his own page the way to teaching is a tab. */
  withTeach?: boolean;
}

/** What can be done with one agent besides asking him. */
export function AgentMenu({ agent, projects, onDeleted, withTeach = false }: AgentMenuProps) {
  const [asking, setAsking] = useState<"name" | "project" | null>(null);
  const { change, duplicate, remove } = useAgentActions();
  const navigate = useNavigate();
  const close = () => setAsking(null);
  // What goes wrong is told by the query client.
  const quietly = (work: Promise<unknown>, then?: () => void) => void work.then(then, () => undefined);
  return (
    <>
      <Menu position="bottom-end" width={220} shadow="md" withinPortal={false}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={44} aria-label={`More about ${agent.name}`}>
            <EllipsisVertical size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {withTeach && (
            <Menu.Item
              leftSection={<GraduationCap size={18} aria-hidden />}
              onClick={() => void navigate({ to: "/agents/$agentId/teach", params: { agentId: agent.id } })}
            >
              Teach
            </Menu.Item>
          )}
          <Menu.Item leftSection={<PencilLine size={18} aria-hidden />} onClick={() => setAsking("name")}>
            Rename
          </Menu.Item>
          {projects.length > 1 && (
            <Menu.Item leftSection={<ArrowRightLeft size={18} aria-hidden />} onClick={() => setAsking("project")}>
              Move
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Copy size={18} aria-hidden />} onClick={() => quietly(duplicate(agent))}>
            Duplicate
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            color="red"
            leftSection={<Trash2 size={18} aria-hidden />}
            onClick={() => quietly(remove(agent), onDeleted)}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <NameDialog
        opened={asking === "name"}
        onClose={close}
        title={`Rename ${agent.name}`}
        label="Name"
        initial={agent.name}
        confirm="Rename"
        onName={(name) => change(agent.id, { name })}
      />
      <MoveDialog
        opened={asking === "project"}
        onClose={close}
        agent={agent}
        projects={projects}
        onMove={(projectId) => change(agent.id, { projectId })}
      />
    </>
  );
}
