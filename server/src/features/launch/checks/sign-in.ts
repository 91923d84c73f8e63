import { createPublicKey } from "node:crypto";
import { createClerkClient } from "@clerk/backend";
import { check, NotYet, reasonOf, Wrong } from "./check.ts";

/** Which of the two signs people in is a choice; one of them has to. */
const secret = check({
  id: "sign-in.secret",
  group: "signIn",
  looksAt: "Sessions are signed with a secret of your own",
  variables: [],
  reads: ["BETTER_AUTH_SECRET", "CLERK_SECRET_KEY"],
  run: async ({ BETTER_AUTH_SECRET, CLERK_SECRET_KEY }) => {
    if (BETTER_AUTH_SECRET !== undefined) return `${BETTER_AUTH_SECRET.length} characters`;
    if (CLERK_SECRET_KEY !== undefined) return "Clerk signs them";
    throw new NotYet(
      "neither BETTER_AUTH_SECRET nor Clerk's keys are set",
      "npm run setup makes a BETTER_AUTH_SECRET.",
    );
  },
});

const isLive = (key: string): boolean => /^[sp]k_live_/.test(key);

const modulusOf = (pem: string): string => createPublicKey(pem).export({ format: "jwk" }).n ?? "";

const clerk = check({
  id: "sign-in.clerk",
  group: "signIn",
  looksAt: "Clerk takes its key, and its tokens can be checked here",
  needed: false,
  variables: ["CLERK_SECRET_KEY", "CLERK_PUBLISHABLE_KEY", "CLERK_JWT_KEY", "CLERK_WEBHOOK_SECRET"],
  reads: ["CLERK_API_URL"],
  run: async ({ CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY, CLERK_JWT_KEY, CLERK_API_URL }) => {
    if (isLive(CLERK_SECRET_KEY) !== isLive(CLERK_PUBLISHABLE_KEY))
      throw new Wrong(
        "Clerk's two keys are of different instances, one live and one test",
        "Copy both from the same one.",
      );
    const modulus = modulusOf(CLERK_JWT_KEY);
    const client = createClerkClient({
      secretKey: CLERK_SECRET_KEY,
      publishableKey: CLERK_PUBLISHABLE_KEY,
      telemetry: { disabled: true },
      ...(CLERK_API_URL === undefined ? {} : { apiUrl: CLERK_API_URL }),
    });
    const { keys } = await client.jwks.getJwks().catch((error: unknown) => {
      throw new Wrong(
        `Clerk refuses the key: ${reasonOf(error)}`,
        "Copy CLERK_SECRET_KEY from Clerk: API keys.",
        error,
      );
    });
    if (!keys?.some((key) => "n" in key && key.n === modulus))
      throw new Wrong(
        "CLERK_JWT_KEY is not the key that Clerk signs with",
        "Copy it from Clerk: API keys, JWKS public key (PEM).",
      );
    return isLive(CLERK_SECRET_KEY) ? "a live instance" : "a test instance";
  },
});

const operators = check({
  id: "sign-in.operators",
  group: "signIn",
  looksAt: "Somebody may see the operator's pages",
  variables: ["OPERATOR_EMAILS"],
  run: async ({ OPERATOR_EMAILS }) => {
    const addresses = OPERATOR_EMAILS.split(",").map((each) => each.trim());
    const wrong = addresses.filter((each) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(each));
    if (wrong.length > 0) throw new Wrong(`${wrong.join(", ")} is no address`, "Separate addresses with commas.");
    return addresses.length === 1 ? "one person" : `${addresses.length} people`;
  },
});

export const signInChecks = [secret, clerk, operators];
