import { createHmac } from "node:crypto";
import { plans } from "@charlie/contract";
import { startStripeSandbox, type Control } from "@charlie/stripe-sandbox";
import { workedEvents } from "../features/billing/index.ts";
import type { Log } from "../log.ts";
import { makeStripe, setUpCatalogue, type Change, type StripeParts } from "../integrations/stripe/index.ts";

/** Its `now` is its own time, which its control page can turn. */
export interface LocalStripe extends StripeParts {
  /** Where its pages are. */
  url: string;
  control: Control;
  close(): Promise<void>;
}

export interface LocalStripeOptions {
  /** 0 takes a free one. */
  port: number;
  /** Where its state is kept; in memory without it. */
  dataFile?: string;
  /** Where the app takes events. */
  webhookUrl: string;
  /** The address people type; the portal leads back there. */
  publicUrl: string;
  /** What the webhook's secret is derived from, so that it stays the same from start to start. */
  secret: string;
  log: Log;
}

/** Starts the local Stripe with the plan catalogue in it. Throws where the port is taken or its file cannot be read. */
export async function startLocalStripe({
  port,
  dataFile,
  webhookUrl,
  publicUrl,
  secret,
  log,
}: LocalStripeOptions): Promise<LocalStripe> {
  const webhookSecret = `whsec_${createHmac("sha256", secret).update("local stripe webhook").digest("hex")}`;
  const sandbox = await startStripeSandbox({
    port,
    ...(dataFile === undefined ? {} : { dataFile }),
    webhooks: [{ url: webhookUrl, secret: webhookSecret, events: [...workedEvents] }],
    log: (line) => log.warn(line),
  });
  try {
    const stripe = makeStripe({ secretKey: "sk_test_local", server: { host: "127.0.0.1", port: sandbox.port } });
    const tell = ({ how, what }: Change) => log.debug({ how, what }, "local Stripe set up");
    const catalogue = await setUpCatalogue({ stripe, apply: true, tell }, { plans, publicUrl });
    if (catalogue === null) throw new Error("the local Stripe was set up in part only");
    return {
      stripe,
      catalogue: () => Promise.resolve(catalogue),
      webhookSecrets: [webhookSecret],
      // It has one page for all of them.
      customerUrl: () => `${sandbox.url}/sandbox`,
      now: () => new Date(sandbox.control.now() * 1_000),
      url: sandbox.url,
      control: sandbox.control,
      close: () => sandbox.close(),
    };
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}
