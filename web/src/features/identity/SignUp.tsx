import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { planOf, priceCents } from "@charlie/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useRouter } from "@tanstack/react-router";
import { callAuth, CallError, queries } from "../../api/index.ts";
import { formatCents } from "../../ui/format.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { useTitle } from "../../ui/use-title.ts";
import { type Chosen, rememberChosen } from "../billing/chosen.ts";
import { checkEmail, checkNewPassword, shortestPassword } from "./checks.ts";
import { ClerkDoor } from "./clerk/ClerkDoor.tsx";
import { DoorPage } from "./DoorPage.tsx";
import { FormProblem } from "./FormProblem.tsx";
import styles from "./identity.module.css";

const route = getRouteApi("/_door/sign-up");
const greeting = "Hello! I can't wait to learn something from you.";

const isKnown = (error: unknown): boolean =>
  error instanceof CallError && error.problem.code.startsWith("USER_ALREADY_EXISTS");

const leadOf = ({ plan, interval = "month" }: Chosen): string =>
  plan
    ? `You chose ${planOf(plan).name} at ${formatCents(priceCents(planOf(plan), interval))} a ${interval}. Teach Charlie first; you pay once he works for you.`
    : "Free, without a credit card. Three answers later, Charlie works for you.";

/** A new account: by Clerk's form where it signs people in, else by ours. It goes on to teach its first agent. */
export function SignUp() {
  const { to, ...chosen } = route.useSearch();
  const { data: config } = useQuery(queries.config);
  const router = useRouter();
  if (!config?.clerkPublishableKey) return <PasswordSignUp />;
  return (
    <ClerkDoor
      kind="sign-up"
      publishableKey={config.clerkPublishableKey}
      title="Create an account"
      lead={leadOf(chosen)}
      says={greeting}
      to={to ?? router.buildLocation({ to: "/teach", search: chosen }).href}
      other={router.buildLocation({ to: "/sign-in", search: { ...(to && { to }), ...chosen } }).href}
    />
  );
}

/** A new account with e-mail and password; it is signed in at once. */
function PasswordSignUp() {
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
    <DoorPage title="Create an account" lead={leadOf(chosen)} says={greeting}>
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
