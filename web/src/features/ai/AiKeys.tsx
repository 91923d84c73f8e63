import { Stack, Title } from "@mantine/core";
import { keyProviders } from "@charlie/contract";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { useTitle } from "../../ui/use-title.ts";
import styles from "./ai.module.css";
import { KeyCard } from "./KeyCard.tsx";
import { autoWords } from "./providers.ts";

/** Settings, AI keys: which brain answers now, and the workspace's own keys. */
export function AiKeys() {
  useTitle("AI keys");
  const { data: me } = useSuspenseQuery(queries.me);
  const keys = useQuery(queries.aiKeys);
  const brains = useQuery(queries.brains);
  const editable = me.workspace.role === "owner" || me.workspace.role === "admin";
  return (
    <Stack gap="md">
      <Title order={2}>AI keys</Title>
      <p className={styles["lead"]}>
        A real brain comes from an AI provider. A key lets Charlie ask it in your name; the provider sends you the bill,
        usually a few cents for a hundred answers.
      </p>
      {brains.data && <p className={styles["now"]}>{autoWords(brains.data.auto, brains.data.brains)}</p>}
      {keys.error && !keys.data && <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />}
      {!keys.data && !keys.error && <SkeletonLines count={3} height={96} />}
      {keys.data &&
        keyProviders.map((provider) => (
          <KeyCard
            key={provider}
            provider={provider}
            saved={keys.data.find((key) => key.provider === provider)}
            editable={editable}
          />
        ))}
      {!editable && <p className={styles["lead"]}>The owner of this workspace can change its keys.</p>}
    </Stack>
  );
}
