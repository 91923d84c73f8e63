import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { fieldErrors, statusOf } from "../api/index.ts";
import { useFields } from "./use-fields.ts";

/** The longest name that the contract takes, in characters. */
const longest = 80;

interface NameDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  label: string;
  initial?: string;
  /** The verb on the button. */
  confirm: string;
  /** Closes the dialogue when it ends well. What it throws is shown, and the dialogue stays. */
  onName: (name: string) => Promise<unknown>;
}

function NameForm({ onClose, label, initial = "", confirm, onName }: Omit<NameDialogProps, "opened" | "title">) {
  const save = useMutation({
    mutationFn: onName,
    meta: { quiet: true },
    onSuccess: onClose,
    onError: (error) => setErrors({ name: fieldErrors(error)["name"] ?? "That didn't work. Please try again." }),
  });
  const { form, field, setErrors } = useFields({
    initial: { name: initial },
    check: ({ name }) => {
      if (name.trim() === "") return { name: "Please write a name." };
      return name.trim().length > longest ? { name: `Please keep it under ${longest} characters.` } : {};
    },
    onSubmit: ({ name }) => save.mutate(name.trim()),
  });
  // The upgrade dialogue has opened meanwhile, or is about to.
  const limited = statusOf(save.error) === 402;
  return (
    <form {...form}>
      <TextInput
        label={label}
        data-autofocus
        autoComplete="off"
        {...field("name")}
        error={limited ? undefined : field("name").error}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={save.isPending}>
          {confirm}
        </Button>
      </Group>
    </form>
  );
}

/** Asks for one name: a new one, or another one for something that has one. */
export function NameDialog({ opened, title, ...form }: NameDialogProps) {
  return (
    <Modal opened={opened} onClose={form.onClose} title={title}>
      <NameForm {...form} />
    </Modal>
  );
}
