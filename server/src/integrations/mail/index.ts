import { Resend } from "resend";

export interface OutgoingMail {
  /** Stays the same when the mail is tried again, so that it is delivered once. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface MailSender {
  /** Hands one mail over. Throws where it was not accepted. */
  send(mail: OutgoingMail): Promise<void>;
}

/** Sends through Resend. `baseUrl` points the SDK at another server that speaks its protocol. */
export function resendSender({
  apiKey,
  from,
  baseUrl,
}: {
  apiKey: string;
  from: string;
  baseUrl?: string | undefined;
}): MailSender {
  const resend = new Resend(apiKey, baseUrl === undefined ? {} : { baseUrl });
  return {
    send: async ({ id, to, subject, text, html }) => {
      // The SDK does not throw: a refusal comes as `error`. It keeps an idempotency key for 24 hours.
      const { error } = await resend.emails.send({ from, to, subject, text, html }, { idempotencyKey: id });
      // The recipient is left out: error messages end up in logs.
      if (error) throw new Error(`Resend refused mail ${id}: ${error.name}`);
    },
  };
}
