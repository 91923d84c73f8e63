import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { planOf, priceCents } from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { callAuth, CallError } from "../../api/index.ts";
import { formatCents } from "../../ui/format.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { useTitle } from "../../ui/use-title.ts";
import { rememberChosen } from "../billing/chosen.ts";
import { checkEmail, checkNewPassword, shortestPassword } from "./checks.ts";
import { DoorPage } from "./DoorPage.tsx";
import { FormProblem } from "./FormProblem.tsx";
import styles from "./identity.module.css";

const route = getRouteApi("/_door/sign-up");

const isKnown = (error: unknown): boolean =>
  error instanceof CallError && error.problem.code.startsWith("USER_ALREADY_EXISTS");

/** A new account; it is signed in at once and goes on to teach its first agent. */
export function SignUp() {
  useTitle("Create an account");
  const { to, plan, interval = "month" } = route.useSearch();
  const chosen = plan ? { plan, interval } : {};
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const signUp = useMutation({
    mutationFn: (who: { name: string; email: string; password: string }) => callAuth("sign-up/email", who),
    meta: { quiet: true },
    onSuccess: () => {
      rememberChosen(chosen);
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "config" });
      return to ? navigate({ href: to }) : navigate({ to: "/teach", search: chosen });
    },
  });
  const { form, field } = useFields({
    initial: { name: "", email: "", password: "" },
    check: ({ name, email, password }) => ({
      name: name.trim() === "" ? "Please tell Charlie your name." : undefined,
      email: checkEmail(email),
      password: checkNewPassword(password),
    }),
    onSubmit: ({ name, email, password }) =>
      signUp.mutate({ name: name.trim().slice(0, 80), email: email.trim(), password }),
  });
  return (
    <DoorPage
      title="Create an account"
      lead={
        plan
          ? `You chose ${planOf(plan).name} at ${formatCents(priceCents(planOf(plan), interval))} a ${interval}. Teach Charlie first; you pay once he works for you.`
          : "Free, without a credit card. Three answers later, Charlie works for you."
      }
      says="Hello! I can't wait to learn something from you."
    >
      <form {...form}>
        <Stack>
          <FormProblem error={signUp.error}>
            {isKnown(signUp.error) && (
              <TextLink to="/sign-in" search={(previous) => ({ ...previous })}>
                To sign-in
              </TextLink>
            )}
          </FormProblem>
          <TextInput label="Your name" autoComplete="name" autoFocus {...field("name")} />
          <TextInput label="E-mail" type="email" autoComplete="email" {...field("email")} />
          <PasswordInput
            label="Password"
            description={`At least ${shortestPassword} characters. Three words in a row are easy to remember.`}
            autoComplete="new-password"
            {...field("password")}
          />
          <Button type="submit" loading={signUp.isPending} fullWidth>
            Create my account
          </Button>
        </Stack>
      </form>
      <p className={styles["other"]}>
        You have one already?{" "}
        <TextLink to="/sign-in" search={(previous) => ({ ...previous })}>
          Sign in
        </TextLink>
      </p>
    </DoorPage>
  );
}
