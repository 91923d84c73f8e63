import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestProject } from "vitest/node";
import { freePort } from "../../server/src/embedded/free-port.ts";
import { startLocalStripe } from "../../server/src/embedded/stripe.ts";
import { makeLog } from "../../server/src/log.ts";
import { testTag } from "./images.ts";
import { startMailbox } from "./mailbox.ts";
import { makeStack, openStack, type Stack, type StackFacts } from "./stack.ts";

/** The stack that the test files share, and where on this machine it looks for the outside services. */
export interface Shared {
  facts: StackFacts;
  ports: {
    /** What plays OpenAI: each test file its own. */
    provider: number;
    /** Stripe: see `stripeOptions`. */
    stripe: number;
    /** Where the local Stripe finds the stack. */
    webhooks: number;
    mail: number;
  };
  /** Where the local Stripe keeps its state. */
  stripeFile: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    shared: Shared;
  }
}

/** The same local Stripe each time it is started: its catalogue and its webhook's secret are in the stack's settings. */
export const stripeOptions = ({ ports, stripeFile }: Pick<Shared, "ports" | "stripeFile">) => ({
  port: 0,
  dataFile: stripeFile,
  webhookUrl: `http://127.0.0.1:${ports.webhooks}/api/v1/billing/webhook`,
  publicUrl: "https://charlie.test",
  secret: "only for tests",
  log: makeLog("silent"),
});

/** What the settings have to say of it. */
async function stripeSettings(shared: Pick<Shared, "ports" | "stripeFile">): Promise<Record<string, string>> {
  const local = await startLocalStripe(stripeOptions(shared));
  const { prices } = await local.catalogue();
  await local.close();
  return {
    STRIPE_WEBHOOK_SECRET: local.webhookSecrets[0] ?? "",
    STRIPE_PRO_PRICE_ID: prices.pro.month,
    STRIPE_TEAM_PRICE_ID: prices.team.month,
  };
}

/** One stack for the whole run. It is brought up by the first file that needs it (`bringUp`), and gone afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mailbox = await startMailbox();
  const [provider, stripe, webhooks] = [await freePort(), await freePort(), await freePort()];
  const ports = { provider, stripe, webhooks, mail: mailbox.port };
  const folder = mkdtempSync(join(tmpdir(), "charlie-stripe-"));
  const stripeFile = join(folder, "stripe.jsonl");
  const outside = "http://host.docker.internal";
  const { facts, close } = await makeStack({
    tag: testTag,
    behindCloudflare: true,
    settings: {
      ...(await stripeSettings({ ports, stripeFile })),
      STRIPE_API_URL: `${outside}:${stripe}`,
      OPENAI_BASE_URL: `${outside}:${provider}/v1`,
      RESEND_BASE_URL: `${outside}:${mailbox.port}`,
      RATE_LIMIT_SCALE: "0",
    },
  });
  project.provide("shared", { facts, ports, stripeFile });
  return async () => {
    await close();
    mailbox.close();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Whether Docker found a container not well when it last looked. */
const isAnyUnwell = async ({ compose }: Stack): Promise<boolean> =>
  /unhealthy|starting/.test(await compose("--profile", "*", "ps", "--format", "{{.Health}}"));

/** The stack, healthy: brought up where it is not yet. */
export async function bringUp({ facts }: Shared): Promise<Stack> {
  const stack = openStack(facts);
  // What was just frozen or killed is well again from the next look on.
  for (let looks = 0; looks < 60 && (await isAnyUnwell(stack)); looks += 1) await sleep(500);
  await stack.compose("up", "--detach", "--wait", "--wait-timeout", "240");
  return stack;
}
