import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useRouter } from "@tanstack/react-router";
import { callAuth, queries } from "../../api/index.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { useTitle } from "../../ui/use-title.ts";
import { checkEmail } from "./checks.ts";
import { ClerkDoor } from "./clerk/ClerkDoor.tsx";
import { DoorPage } from "./DoorPage.tsx";
import { FormProblem } from "./FormProblem.tsx";
import styles from "./identity.module.css";
import { SandboxHint } from "./SandboxHint.tsx";

const route = getRouteApi("/_door/sign-in");
const greeting = "There you are! I kept everything as you left it.";

/** Sign-in: Clerk's form where it signs people in, else ours. */
export function SignIn() {
  const { to, ...chosen } = route.useSearch();
  const { data: config } = useQuery(queries.config);
  const router = useRouter();
  if (!config?.clerkPublishableKey) return <PasswordSignIn />;
  return (
    <ClerkDoor
      kind="sign-in"
      publishableKey={config.clerkPublishableKey}
      title="Welcome back"
      says={greeting}
      to={to ?? router.buildLocation({ to: "/home", search: chosen }).href}
      other={router.buildLocation({ to: "/sign-up", search: { ...(to && { to }), ...chosen } }).href}
    />
  );
}

/** Sign-in with e-mail and password; in a sandbox also with the demo account, by one press. */
function PasswordSignIn() {
  useTitle("Sign in");
  const { to, ...chosen } = route.useSearch();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: config } = useQuery(queries.config);
  const signIn = useMutation({
    mutationFn: (who: { email: string; password: string }) => callAuth("sign-in/email", who),
    meta: { quiet: true },
    onSuccess: () => {
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "config" });
      return to ? navigate({ href: to }) : navigate({ to: "/home", search: chosen });
    },
  });
  const { form, field } = useFields({
    initial: { email: "", password: "" },
    check: ({ email, password }) => ({
      email: checkEmail(email),
      password: password === "" ? "Please write your password." : undefined,
    }),
    onSubmit: ({ email, password }) => signIn.mutate({ email: email.trim(), password }),
  });
  const demo = config?.demo;
  return (
    <DoorPage title="Welcome back" says={greeting}>
      <form {...form}>
        <Stack>
          <FormProblem error={signIn.error} />
          <TextInput label="E-mail" type="email" autoComplete="email" autoFocus {...field("email")} />
          <div>
            <PasswordInput label="Password" autoComplete="current-password" {...field("password")} />
            <TextLink to="/forgot-password" size="sm" className={styles["below"]}>
              I don’t know it any more
            </TextLink>
          </div>
          <Button type="submit" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
        </Stack>
      </form>
      <p className={styles["other"]}>
        New here?{" "}
        <TextLink to="/sign-up" search={(previous) => ({ ...previous })}>
          Create an account
        </TextLink>
      </p>
      {demo && (
        <div className={styles["demo"]}>
          <p>This is a practice copy of Teach Charlie. There is a furnished account to look around in.</p>
          <Button variant="default" disabled={signIn.isPending} onClick={() => signIn.mutate(demo)}>
            Open the demo account
          </Button>
        </div>
      )}
      <SandboxHint>Letters from this practice copy stay on this computer.</SandboxHint>
    </DoorPage>
  );
}
