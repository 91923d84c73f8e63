import { ActionIcon, Menu } from "@mantine/core";
import type { AgentSummary, Project } from "@charlie/contract";
import { useNavigate } from "@tanstack/react-router";
import { ArrowRightLeft, Copy, EllipsisVertical, GraduationCap, PencilLine, Trash2 } from "lucide-react";
import { lazy, Suspense } from "react";
import { useAsked } from "../../ui/use-asked.ts";
import { useAgentActions } from "./use-agent-actions.ts";

// Dialogues come when they are asked for: most visits open none.
const NameDialog = lazy(async () => ({ default: (await import("../../ui/NameDialog.tsx")).NameDialog }));
const MoveDialog = lazy(async () => ({ default: (await import("./MoveDialog.tsx")).MoveDialog }));

interface AgentMenuProps {
  agent: Pick<AgentSummary, "id" | "name" | "projectId" | "frozen">;
  projects: readonly Project[];
  /** After he was deleted. */
  onDeleted?: () => void;
  /** On his own page the way to teaching is a tab. */
  withTeach?: boolean;
}

/** What can be done with one agent besides asking him. One that is asleep can be deleted. */
export function AgentMenu({ agent, projects, onDeleted, withTeach = false }: AgentMenuProps) {
  const { asked, opener, ask, close } = useAsked<"name" | "project">();
  const { change, duplicate, remove } = useAgentActions();
  const navigate = useNavigate();
  const homes = projects.filter(({ frozen }) => !frozen);
  // What goes wrong is told by the query client.
  const quietly = (work: Promise<unknown>, then?: () => void) => void work.then(then, () => undefined);
  return (
    <>
      <Menu position="bottom-end" width={220} shadow="md" withinPortal={false}>
        <Menu.Target>
          <ActionIcon ref={opener} variant="subtle" color="gray" size={44} aria-label={`More about ${agent.name}`}>
            <EllipsisVertical size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!agent.frozen && (
            <>
              {withTeach && (
                <Menu.Item
                  leftSection={<GraduationCap size={18} aria-hidden />}
                  onClick={() => void navigate({ to: "/agents/$agentId/teach", params: { agentId: agent.id } })}
                >
                  Teach
                </Menu.Item>
              )}
              <Menu.Item leftSection={<PencilLine size={18} aria-hidden />} onClick={() => ask("name")}>
                Rename
              </Menu.Item>
              {homes.length > 1 && (
                <Menu.Item leftSection={<ArrowRightLeft size={18} aria-hidden />} onClick={() => ask("project")}>
                  Move
                </Menu.Item>
              )}
              <Menu.Item leftSection={<Copy size={18} aria-hidden />} onClick={() => quietly(duplicate(agent))}>
                Duplicate
              </Menu.Item>
              <Menu.Divider />
            </>
          )}
          <Menu.Item
            color="red"
            leftSection={<Trash2 size={18} aria-hidden />}
            onClick={() => quietly(remove(agent), onDeleted)}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {asked?.what === "name" && (
          <NameDialog
            opened={asked.opened}
            onClose={close}
            title={`Rename ${agent.name}`}
            label="Name"
            initial={agent.name}
            confirm="Rename"
            onName={(name) => change(agent.id, { name })}
          />
        )}
        {asked?.what === "project" && (
          <MoveDialog
            opened={asked.opened}
            onClose={close}
            agent={agent}
            projects={homes}
            onMove={(projectId) => change(agent.id, { projectId })}
          />
        )}
      </Suspense>
    </>
  );
}
