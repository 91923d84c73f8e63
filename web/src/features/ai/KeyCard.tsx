import { Badge, Button, Group, Title } from "@mantine/core";
import { type AiKey, deleteAiKey, type KeyProvider } from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { call } from "../../api/index.ts";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { formatDate } from "../../ui/format.ts";
import { notifyDone } from "../../ui/toasts.tsx";
import styles from "./ai.module.css";
import { KeyForm } from "./KeyForm.tsx";
import { providers } from "./providers.ts";

interface KeyCardProps {
  provider: KeyProvider;
  /** The saved key; `undefined` where there is none. */
  saved: AiKey | undefined;
  /** Only owners and admins may change keys. */
  editable: boolean;
}

function useRemove(provider: KeyProvider) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => call(deleteAiKey, { params: { provider } }),
    meta: { quiet: true },
    onSuccess: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ["ai-keys"] }),
        queryClient.invalidateQueries({ queryKey: ["brains"] }),
      ]);
      notifyDone("The key is forgotten.");
    },
  });
}

/** One provider: the key that is saved, or the way to save one. */
export function KeyCard({ provider, saved, editable }: KeyCardProps) {
  const [writing, setWriting] = useState(false);
  const [asking, setAsking] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    // The button has to be there again before it can take the focus back.
    flushSync(() => setWriting(false));
    opener.current?.focus();
  };
  const remove = useRemove(provider);
  const { name, about } = providers[provider];
  return (
    <section className={styles["card"]} aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Title order={3} size="h4">
          {name}
        </Title>
        {saved && (
          <Badge color="green" variant="light" tt="none">
            Key saved
          </Badge>
        )}
      </Group>
      {saved ? (
        <p className={styles["saved"]}>
          <span className="tabular">
            <span aria-hidden>••••••••</span> {saved.lastFour}
          </span>
          {saved.baseUrl && <span>{saved.baseUrl}</span>}
          <span>checked on {formatDate(saved.checkedAt)}</span>
        </p>
      ) : (
        <p className={styles["about"]}>{about}</p>
      )}
      {writing && <KeyForm provider={provider} baseUrl={saved?.baseUrl ?? null} onDone={close} onCancel={close} />}
      {!writing && editable && (
        <Group gap="xs">
          <Button ref={opener} variant="default" size="sm" onClick={() => setWriting(true)}>
            {saved ? "Replace the key" : "Add a key"}
          </Button>
          {saved && (
            <Button variant="subtle" color="red" size="sm" onClick={() => setAsking(true)}>
              Remove
            </Button>
          )}
        </Group>
      )}
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Forget the key for ${name}?`}
        confirm="Forget the key"
        danger
        onConfirm={() => remove.mutateAsync()}
      >
        Agents that were told to use {name} can’t answer until you save a key again. The others take another brain. At{" "}
        {name} the key stays valid; delete it there too if nobody else uses it.
      </ConfirmDialog>
    </section>
  );
}
