import { AppError, unavailable } from "../../../errors.ts";

/** Plain words for Better Auth's codes; the codes stay as they are, programs know them. */
const words: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: "The address or the password is not right.",
  USER_ALREADY_EXISTS: "There is an account with this address. Sign in instead.",
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "There is an account with this address. Sign in instead.",
  INVALID_EMAIL: "An e-mail address looks like anna@example.com.",
  PASSWORD_TOO_SHORT: "Please take a password of at least 8 characters.",
  PASSWORD_TOO_LONG: "Please keep the password under 128 characters.",
  INVALID_TOKEN: "This link was used already or is too old. Ask for a new one.",
  TOKEN_EXPIRED: "This link is too old. Ask for a new one.",
  EMAIL_ALREADY_VERIFIED: "This address is confirmed already.",
  INVALID_CALLBACK_URL: "This address to go on to is not one of ours.",
  INVALID_REDIRECT_URL: "This address to go on to is not one of ours.",
};

/** Better Auth's refusal as an error of ours. Something that failed inside it is a 503: trying again helps. */
export function refusalOf(status: number, body: unknown): AppError {
  const told: unknown = typeof body === "object" && body !== null && "code" in body ? body.code : null;
  const code = typeof told === "string" ? told : "refused";
  if (status >= 500 || code.startsWith("FAILED_TO_")) {
    return unavailable("sign_in_unavailable", "Signing in does not work right now. Please try again in a moment.");
  }
  return new AppError(status, code, words[code] ?? "Something in this is not as it should be. Please check it.");
}
