import { createHmac } from "node:crypto";

/** The `Stripe-Signature` header for a body: https://docs.stripe.com/webhooks#verify-manually. `at` is real time in seconds. */
export function signatureHeader(secrets: string[], body: string, at: number): string {
  const signatures = secrets.map((secret) => createHmac("sha256", secret).update(`${at}.${body}`).digest("hex"));
  return [`t=${at}`, ...signatures.map((signature) => `v1=${signature}`)].join(",");
}
