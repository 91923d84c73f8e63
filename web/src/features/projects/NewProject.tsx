import { Button } from "@mantine/core";
import { FolderPlus } from "lucide-react";
import { useState } from "react";
import { NameDialog } from "../../ui/NameDialog.tsx";
import { useProjectActions } from "./use-project-actions.ts";

/** A quiet button that makes a project. */
export function NewProject() {
  const [asking, setAsking] = useState(false);
  const { create } = useProjectActions();
  return (
    <>
      <Button
        variant="default"
        size="sm"
        leftSection={<FolderPlus size={18} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        New project
      </Button>
      <NameDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title="A new project"
        label="Name of the project"
        confirm="Make it"
        onName={create}
      />
    </>
  );
}
