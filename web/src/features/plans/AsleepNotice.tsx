import { Alert, Button, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { useUpgrade } from "../billing/upgrade.tsx";
import { mayChoose } from "./asleep-words.ts";

/** Says that something sleeps, and the two ways on: choose who stays awake, or a larger plan. */
export function AsleepNotice({ title, children }: { title: string; children: ReactNode }) {
  const { data: me } = useQuery(queries.me);
  const upgrade = useUpgrade();
  return (
    <Alert color="gray" variant="light" title={title} mb="xl">
      {children}
      <Group gap="xs" mt="sm">
        {me && mayChoose(me.workspace.role) && (
          <LinkButton to="/awake" size="sm" variant="default">
            Choose who stays awake
          </LinkButton>
        )}
        <Button size="sm" variant="default" onClick={() => upgrade()}>
          See plans
        </Button>
      </Group>
    </Alert>
  );
}
