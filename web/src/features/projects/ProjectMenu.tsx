import { ActionIcon, Menu } from "@mantine/core";
import type { Project } from "@charlie/contract";
import { Ellipsis, PencilLine, Trash2 } from "lucide-react";
import { lazy, Suspense } from "react";
import { useAsked } from "../../ui/use-asked.ts";
import { useProjectActions } from "./use-project-actions.ts";

const NameDialog = lazy(async () => ({ default: (await import("../../ui/NameDialog.tsx")).NameDialog }));

/** What can be done with one project. The last one that is awake stays, and one that is asleep can only be deleted. */
export function ProjectMenu({ project, isLast }: { project: Project; isLast: boolean }) {
  const { asked, opener, ask, close } = useAsked<"name">();
  const { rename, remove } = useProjectActions();
  return (
    <>
      <Menu position="bottom-start" width={220} shadow="md" withinPortal={false}>
        <Menu.Target>
          <ActionIcon
            ref={opener}
            variant="subtle"
            color="gray"
            size={44}
            aria-label={`More about the project ${project.name}`}
          >
            <Ellipsis size={20} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!project.frozen && (
            <Menu.Item leftSection={<PencilLine size={18} aria-hidden />} onClick={() => ask("name")}>
              Rename
            </Menu.Item>
          )}
          {!isLast && (
            <Menu.Item color="red" leftSection={<Trash2 size={18} aria-hidden />} onClick={() => remove(project)}>
              {project.agentCount > 0 ? "Delete with its agents" : "Delete"}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {asked && (
          <NameDialog
            opened={asked.opened}
            onClose={close}
            title={`Rename ${project.name}`}
            label="Name of the project"
            initial={project.name}
            confirm="Rename"
            onName={(name) => rename(project.id, name)}
          />
        )}
      </Suspense>
    </>
  );
}
