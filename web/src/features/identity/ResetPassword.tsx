import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { callAuth, CallError } from "../../api/index.ts";
import { LinkButton, TextLink } from "../../ui/LinkButton.tsx";
import { notifyDone } from "../../ui/toasts.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { useTitle } from "../../ui/use-title.ts";
import { checkNewPassword, shortestPassword } from "./checks.ts";
import { DoorPage } from "./DoorPage.tsx";
import { FormProblem } from "./FormProblem.tsx";
import styles from "./identity.module.css";

const route = getRouteApi("/_door/reset-password");

const isSpent = (error: unknown): boolean =>
  error instanceof CallError && ["INVALID_TOKEN", "TOKEN_EXPIRED"].includes(error.problem.code);

/** Where the mailed link leads: a new password, which ends every session that was open. */
export function ResetPassword() {
  useTitle("Set a new password");
  const { token } = route.useSearch();
  const navigate = useNavigate();
  const reset = useMutation({
    mutationFn: (input: { newPassword: string; token: string }) => callAuth("reset-password", input),
    meta: { quiet: true },
    onSuccess: () => {
      notifyDone("Your new password is set. Sign in with it.");
      return navigate({ to: "/sign-in" });
    },
  });
  const { form, field } = useFields({
    initial: { password: "" },
    check: ({ password }) => ({ password: checkNewPassword(password) }),
    onSubmit: ({ password }) => token && reset.mutate({ newPassword: password, token }),
  });
  if (!token || isSpent(reset.error)) {
    return (
      <DoorPage
        title="This link has done its work"
        lead="It was used already, or it is more than an hour old. Ask for a new one; it comes in a moment."
        says="I sniffed at it. It has gone stale."
        mood="puzzled"
      >
        <LinkButton to="/forgot-password" fullWidth>
          Send me a new link
        </LinkButton>
        <p className={styles["other"]}>
          <TextLink to="/sign-in">Back to sign-in</TextLink>
        </p>
      </DoorPage>
    );
  }
  return (
    <DoorPage
      title="Set a new password"
      lead="You will be signed out everywhere else."
      says="Pick something only you would think of."
    >
      <form {...form}>
        <Stack>
          <FormProblem error={reset.error} />
          <PasswordInput
            label="New password"
            description={`At least ${shortestPassword} characters. Three words in a row are easy to remember.`}
            autoComplete="new-password"
            autoFocus
            {...field("password")}
          />
          <Button type="submit" loading={reset.isPending} fullWidth>
            Set it
          </Button>
        </Stack>
      </form>
    </DoorPage>
  );
}
