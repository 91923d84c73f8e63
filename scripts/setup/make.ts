import { randomBytes } from "node:crypto";
import { plans, receiveStripeEvent } from "@charlie/contract";
import { workedEvents } from "../../server/src/features/billing/index.ts";
import { makeAgeKeys } from "../../server/src/features/launch/index.ts";
import {
  makeStripe,
  SetUpError,
  setUpCatalogue,
  setUpWebhook,
  stripeComplaint,
  type Change,
} from "../../server/src/integrations/stripe/index.ts";
import type { EnvFile } from "./env-file.ts";

/** Each 32 random bytes, in letters that need no quotes and no escapes in an address. */
const secrets = ["BETTER_AUTH_SECRET", "ENCRYPTION_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"];

/** Makes the secrets that are not there yet. Returns their names. */
export function makeSecrets(file: EnvFile): string[] {
  const missing = secrets.filter((name) => !file.values.get(name));
  for (const name of missing) file.set(name, randomBytes(32).toString("base64url"));
  return missing;
}

/** The private half of a new pair of keys for backups; `null` where there is a public half already. */
export async function makeBackupKeys(file: EnvFile): Promise<string | null> {
  if (file.values.get("BACKUP_AGE_RECIPIENT")) return null;
  const { recipient, identity } = await makeAgeKeys();
  file.set("BACKUP_AGE_RECIPIENT", recipient);
  return identity;
}

interface StripeOrder {
  secretKey: string;
  publicUrl: string;
  server: { host: string; port: number } | undefined;
  /** Without it nothing is changed, only told. */
  apply: boolean;
  tell: (change: Change) => void;
}

/**
 * Makes Stripe's objects as `npm run stripe:setup` does, and returns what the settings have to say of them. Throws an
 * Error with words for a person where Stripe says no.
 */
export async function makeStripeObjects(order: StripeOrder): Promise<Map<string, string>> {
  const { secretKey, publicUrl, server, apply, tell } = order;
  const work = { stripe: makeStripe({ secretKey, ...(server ? { server } : {}) }), apply, tell };
  try {
    const catalogue = await setUpCatalogue(work, { plans, publicUrl });
    const url = `${publicUrl}${receiveStripeEvent.path}`;
    const { secret } = await setUpWebhook(work, { url, events: workedEvents });
    const found: [string, string | null | undefined][] = [
      ["STRIPE_PRO_PRICE_ID", catalogue?.prices.pro.month],
      ["STRIPE_TEAM_PRICE_ID", catalogue?.prices.team.month],
      ["STRIPE_PRO_YEARLY_PRICE_ID", catalogue?.prices.pro.year],
      ["STRIPE_TEAM_YEARLY_PRICE_ID", catalogue?.prices.team.year],
      ["STRIPE_WEBHOOK_SECRET", secret],
    ];
    return new Map(found.flatMap(([name, value]) => (value ? [[name, value] as const] : [])));
  } catch (error) {
    const complaint = error instanceof SetUpError ? error.message : stripeComplaint(error);
    if (complaint === null) throw error;
    throw new Error(complaint.replaceAll(secretKey, "the key"), { cause: error });
  }
}
