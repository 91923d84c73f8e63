import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { z } from "zod";
import { type Environment, environment, inspect } from "./settings.ts";

/** The only reader of process.env. Everything else is given a `Config`. */

export interface Config extends Environment {
  dataDir: string;
  production: boolean;
}

/** What runs here: the image's commit, else the version in package.json. */
export function releaseOf({ RELEASE }: Config): string {
  if (RELEASE !== undefined) return RELEASE;
  const file = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Where errors are reported, and what each report names; `null` where they are not. */
export const reportsOf = (config: Config): { dsn: string; release: string; environment: string } | null =>
  config.SENTRY_DSN === undefined
    ? null
    : { dsn: config.SENTRY_DSN, release: releaseOf(config), environment: config.SENTRY_ENVIRONMENT ?? config.NODE_ENV };

/** Where it is counted what people do who said yes; `null`: nowhere. */
export const posthogOf = ({ POSTHOG_KEY: key, POSTHOG_HOST: host }: Config) =>
  key === undefined ? null : { key, host };

/** Where vital signs are measured: in production nothing is kept in a data folder, and "/" lies where the containers' volumes do. */
export const vitalPlace = ({ production, dataDir }: Config): { production: boolean; diskPath: string } => ({
  production,
  diskPath: production ? "/" : dataDir,
});

/** What the pages tell about whoever runs this service. */
export function contactOf(config: Config) {
  const pages = [
    { name: "Terms", url: config.TERMS_URL },
    { name: "Privacy", url: config.PRIVACY_URL },
    { name: "Imprint", url: config.IMPRINT_URL },
  ] as const;
  return {
    supportEmail: config.SUPPORT_EMAIL ?? null,
    legal: pages.flatMap(({ name, url: address }) => (address === undefined ? [] : [{ name, url: address }])),
  };
}

/** Thrown at start; its message names every variable that is wrong. */
export class ConfigError extends Error {}

/** What `npm run stripe:setup` needs to know. A variable that is not among these does not stop it. */
const stripeSetUp = environment.pick({
  PORT: true,
  PUBLIC_URL: true,
  STRIPE_SECRET_KEY: true,
  STRIPE_API_URL: true,
  STRIPE_WEBHOOK_SECRET: true,
  STRIPE_PRO_PRICE_ID: true,
  STRIPE_TEAM_PRICE_ID: true,
  STRIPE_PRO_YEARLY_PRICE_ID: true,
  STRIPE_TEAM_YEARLY_PRICE_ID: true,
});

/** Reads and checks what the set-up of Stripe needs. Throws a ConfigError that names what is wrong. */
export function readStripeSetUp(env: Record<string, string | undefined> = process.env): z.infer<typeof stripeSetUp> {
  const parsed = stripeSetUp.safeParse(env);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join(".")} ${message}`);
  throw new ConfigError(`These settings need a look before Stripe can be set up:\n${lines.join("\n")}`);
}

/** What backups and restores need to know, which is less than the app does. */
const backups = environment
  .pick({
    DATABASE_URL: true,
    LOG_LEVEL: true,
    PUBLIC_URL: true,
    OPERATOR_EMAILS: true,
    BACKUP_S3_ENDPOINT: true,
    BACKUP_S3_REGION: true,
    BACKUP_S3_BUCKET: true,
    BACKUP_S3_PREFIX: true,
    BACKUP_S3_ACCESS_KEY_ID: true,
    BACKUP_S3_SECRET_ACCESS_KEY: true,
    BACKUP_AGE_RECIPIENT: true,
    BACKUP_HOUR: true,
  })
  .required({
    DATABASE_URL: true,
    BACKUP_S3_BUCKET: true,
    BACKUP_S3_ACCESS_KEY_ID: true,
    BACKUP_S3_SECRET_ACCESS_KEY: true,
    BACKUP_AGE_RECIPIENT: true,
  });

export type BackupConfig = z.infer<typeof backups>;

/** Reads and checks what backups need. Throws a ConfigError that names what is missing or wrong. */
export function readBackupConfig(env: Record<string, string | undefined> = process.env): BackupConfig {
  const parsed = backups.safeParse(env);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    ({ path, message }) => `  ${path.join(".")} ${message.includes("nonoptional") ? "is missing" : message}`,
  );
  throw new ConfigError(`These settings need a look before a backup can be made or restored:\n${lines.join("\n")}`);
}

/** Reads and checks the environment. Throws one ConfigError that names all variables that are missing or wrong. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const { settings, faults } = inspect(env);
  if (settings === null || faults.size > 0) {
    const lines = [...faults].map(([name, why]) => `  ${name} ${why}`);
    throw new ConfigError(`These settings need a look before Teach Charlie can start:\n${lines.join("\n")}`);
  }
  return { ...settings, dataDir: resolve(settings.CHARLIE_DATA_DIR), production: settings.NODE_ENV === "production" };
}
