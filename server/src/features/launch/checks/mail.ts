import { Resend } from "resend";
import { check, Wrong } from "./check.ts";

/** The domain of `Charlie <hello@example.org>` or `hello@example.org`. */
const domainOf = (from: string): string => /@([^>@\s]+)>?\s*$/.exec(from)?.[1]?.toLowerCase() ?? "";

const keyHelp = "Take the key anew from Resend's dashboard: API keys.";

const sender = check({
  id: "mail.sender",
  group: "mail",
  looksAt: "Resend takes the key, and the sender's domain is verified",
  variables: ["RESEND_API_KEY", "FROM_EMAIL"],
  reads: ["RESEND_BASE_URL"],
  run: async ({ RESEND_API_KEY, FROM_EMAIL, RESEND_BASE_URL }) => {
    const domain = domainOf(FROM_EMAIL);
    if (domain === "") throw new Wrong("FROM_EMAIL holds no address", "Write it like Charlie <hello@your-domain>.");
    const resend = new Resend(RESEND_API_KEY, RESEND_BASE_URL === undefined ? {} : { baseUrl: RESEND_BASE_URL });
    // The SDK does not throw: a refusal comes as `error`.
    const { data, error } = await resend.domains.list({ limit: 100 });
    // The safer kind of key, so this is no fault. https://resend.com/docs/api-reference/errors
    if (error?.name === "restricted_api_key")
      return `the key may only send mail, which is enough; that ${domain} is verified stands in Resend's dashboard`;
    if (error?.name === "application_error")
      throw new Wrong("Resend cannot be reached", "Look whether this machine may connect to it.");
    if (error) throw new Wrong(`Resend refuses the key: ${error.message}`, keyHelp);
    const found = data.data.find(({ name }) => name.toLowerCase() === domain);
    if (!found) throw new Wrong(`Resend does not know ${domain}`, "Add it in Resend's dashboard: Domains.");
    if (found.status !== "verified")
      throw new Wrong(
        `${domain} is ${found.status.replaceAll("_", " ")}`,
        "Set the DNS records that Resend's dashboard shows.",
      );
    return `${domain} is verified`;
  },
});

export const mailChecks = [sender];
