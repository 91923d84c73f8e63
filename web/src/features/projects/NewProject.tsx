import { Button } from "@mantine/core";
import { FolderPlus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useAsked } from "../../ui/use-asked.ts";
import { useProjectActions } from "./use-project-actions.ts";

const NameDialog = lazy(async () => ({ default: (await import("../../ui/NameDialog.tsx")).NameDialog }));

/** A quiet button that makes a project. */
export function NewProject() {
  const { asked, opener, ask, close } = useAsked<"name">();
  const { create } = useProjectActions();
  return (
    <>
      <Button
        ref={opener}
        variant="default"
        size="sm"
        leftSection={<FolderPlus size={18} aria-hidden />}
        onClick={() => ask("name")}
      >
        New project
      </Button>
      <Suspense>
        {asked && (
          <NameDialog
            opened={asked.opened}
            onClose={close}
            title="A new project"
            label="Name of the project"
            confirm="Make it"
            onName={create}
          />
        )}
      </Suspense>
    </>
  );
}
