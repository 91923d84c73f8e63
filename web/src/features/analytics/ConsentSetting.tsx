import { Stack, Switch, Title } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { useConsent } from "./use-consent.ts";

/** The same question in Settings, where the answer can be changed. Shows nothing where nobody counts. */
export function ConsentSetting() {
  const { data: config } = useQuery(queries.config);
  const { data: me } = useSuspenseQuery(queries.me);
  const { decide, isPending } = useConsent();
  if (!config?.analytics) return null;
  return (
    <Stack gap="md">
      <Title order={2}>Counting</Title>
      <Switch
        label="Count which steps I take here"
        description="That you taught an agent, got a first answer, met a limit or paid. Never what you write, and never your mail address."
        checked={me.user.analyticsConsent === true}
        disabled={isPending}
        onChange={({ currentTarget }) => decide(currentTarget.checked)}
      />
    </Stack>
  );
}
