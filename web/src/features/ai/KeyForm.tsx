import { Anchor, Button, Collapse, Group, PasswordInput, Stack, TextInput, UnstyledButton } from "@mantine/core";
import { type KeyProvider, putAiKey } from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { call, fieldErrors } from "../../api/index.ts";
import { notifyDone } from "../../ui/toasts.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { FormProblem } from "../identity/FormProblem.tsx";
import styles from "./ai.module.css";
import { providers } from "./providers.ts";

function Help({ provider }: { provider: KeyProvider }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { steps, place } = providers[provider];
  return (
    <div>
      <UnstyledButton
        className={styles["disclose"]}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        Where do I get a key?
        <ChevronDown size={16} aria-hidden />
      </UnstyledButton>
      <Collapse id={id} expanded={open} transitionDuration={150}>
        <ol className={styles["steps"]}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        {place && (
          <Anchor href={place.url} target="_blank" rel="noopener noreferrer" size="sm">
            {place.label} (opens in a new tab)
          </Anchor>
        )}
      </Collapse>
    </div>
  );
}

interface KeyFormProps {
  provider: KeyProvider;
  /** The address that is saved already. */
  baseUrl: string | null;
  onDone: () => void;
  onCancel: () => void;
}

/** Takes a key, has it checked at its provider, and forgets it: only its last four characters come back. */
export function KeyForm({ provider, baseUrl, onDone, onCancel }: KeyFormProps) {
  const queryClient = useQueryClient();
  const { name, example } = providers[provider];
  const own = provider === "compatible";
  const save = useMutation({
    mutationFn: (body: { key: string; baseUrl?: string }) => call(putAiKey, { params: { provider }, body }),
    meta: { quiet: true },
    onSuccess: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ["ai-keys"] }),
        queryClient.invalidateQueries({ queryKey: ["brains"] }),
      ]);
      notifyDone(`${own ? "Your server" : name} said yes to your key. It is saved.`);
      onDone();
    },
    onError: (error) => setErrors(fieldErrors(error)),
  });
  const { form, field, setErrors } = useFields({
    initial: { baseUrl: baseUrl ?? "", key: "" },
    check: ({ key, baseUrl: address }) => ({
      baseUrl: own && address.trim() === "" ? "Please give the address of the server." : undefined,
      key: key.trim() === "" ? "Please paste your key." : undefined,
    }),
    onSubmit: ({ key, baseUrl: address }) => save.mutate({ key: key.trim(), ...(own && { baseUrl: address.trim() }) }),
  });
  const general = save.error && Object.keys(fieldErrors(save.error)).length === 0 ? save.error : null;
  return (
    <form {...form} aria-label={`Key for ${name}`}>
      <Stack gap="sm">
        <FormProblem error={general} />
        {own && (
          <TextInput
            label="Address of the server"
            placeholder="https://ai.example.com/v1"
            type="url"
            inputMode="url"
            autoComplete="off"
            autoFocus
            {...field("baseUrl")}
          />
        )}
        <PasswordInput
          label="Key"
          placeholder={example}
          autoComplete="off"
          spellCheck={false}
          description="It is kept encrypted and never shown again, also not to you."
          autoFocus={!own}
          {...field("key")}
        />
        <Help provider={provider} />
        <Group gap="xs">
          <Button type="submit" loading={save.isPending}>
            Check and save
          </Button>
          <Button variant="subtle" color="gray" onClick={onCancel}>
            Not now
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
