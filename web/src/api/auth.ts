import { CallError } from "./problem.ts";

/**
 * Better Auth's own endpoints under /api/auth (not part of the contract). Its error codes stand in `$ERROR_CODES` of the
 * library; here they get the words that our pages use.
 */
const words: Record<string, [title: string, detail: string]> = {
  INVALID_EMAIL_OR_PASSWORD: [
    "That didn't match",
    "The address or the password is not right. Look at both once more, or set a new password.",
  ],
  USER_ALREADY_EXISTS: ["You have been here before", "There is an account with this address. Sign in instead."],
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: [
    "You have been here before",
    "There is an account with this address. Sign in instead.",
  ],
  INVALID_EMAIL: ["This address doesn't look right", "An e-mail address looks like anna@example.com."],
  PASSWORD_TOO_SHORT: ["This password is short", "Please take at least 8 characters."],
  PASSWORD_TOO_LONG: ["This password is very long", "Please keep it under 128 characters."],
  INVALID_TOKEN: ["This link has done its work", "It was used already or is too old. Ask for a new one."],
  TOKEN_EXPIRED: ["This link is too old", "Ask for a new one; it comes in a moment."],
};
const tooMany = [
  "Let's wait a moment",
  "That were many tries in a short time. Please try again in a few minutes.",
] as const;
const other = ["That didn't work", "Nothing is lost. Please try again in a moment."] as const;

type AuthPath =
  | "sign-up/email"
  | "sign-in/email"
  | "sign-out"
  | "request-password-reset"
  | "reset-password"
  | "send-verification-email";

/** Posts to Better Auth. Throws `CallError` with our words where it says no. */
export async function callAuth(path: AuthPath, body: Record<string, string> = {}): Promise<void> {
  const response = await fetch(`/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const answer: unknown = await response.json().catch(() => null);
  const told: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "code") : null;
  const code = typeof told === "string" ? told : "unknown";
  const [title, detail] = words[code] ?? (response.status === 429 ? tooMany : other);
  throw new CallError({ type: `about:blank#${code}`, title, status: response.status, code, detail });
}

/** Whether this browser is signed in. Asked of Better Auth, whose answer for a stranger is no error. */
export async function isSignedIn(): Promise<boolean> {
  const response = await fetch("/api/auth/get-session", { headers: { accept: "application/json" } });
  return response.ok && (await response.json()) !== null;
}
