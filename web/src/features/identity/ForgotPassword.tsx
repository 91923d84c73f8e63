import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { callAuth } from "../../api/index.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { useTitle } from "../../ui/use-title.ts";
import { checkEmail } from "./checks.ts";
import { DoorPage } from "./DoorPage.tsx";
import { FormProblem } from "./FormProblem.tsx";
import styles from "./identity.module.css";
import { SandboxHint } from "./SandboxHint.tsx";

/** Asks for a letter with a link to set a new password; the answer is the same whether the address is known or not. */
export function ForgotPassword() {
  useTitle("Set a new password");
  const ask = useMutation({
    mutationFn: (email: string) => callAuth("request-password-reset", { email }),
    meta: { quiet: true },
  });
  const { form, field } = useFields({
    initial: { email: "" },
    check: ({ email }) => ({ email: checkEmail(email) }),
    onSubmit: ({ email }) => ask.mutate(email.trim()),
  });
  if (ask.isSuccess) {
    return (
      <DoorPage title="Look into your mailbox" says="I ran as fast as I could." accessory="none">
        <p className={styles["lead"]} role="status">
          If there is an account for {ask.variables}, a letter with a link is on its way. The link works for an hour.
        </p>
        <SandboxHint>In this practice copy letters stay on this computer.</SandboxHint>
        <p className={styles["other"]}>
          <TextLink to="/sign-in">Back to sign-in</TextLink>
        </p>
      </DoorPage>
    );
  }
  return (
    <DoorPage
      title="Set a new password"
      lead="Tell us your address. We send you a letter with a link."
      says="Happens to me with bones all the time."
      mood="thinking"
    >
      <form {...form}>
        <Stack>
          <FormProblem error={ask.error} />
          <TextInput label="E-mail" type="email" autoComplete="email" autoFocus {...field("email")} />
          <Button type="submit" loading={ask.isPending} fullWidth>
            Send me the link
          </Button>
        </Stack>
      </form>
      <p className={styles["other"]}>
        <TextLink to="/sign-in">Back to sign-in</TextLink>
      </p>
    </DoorPage>
  );
}
