import { z } from "zod";
import { frontendApiOf } from "./integrations/clerk/publishable-key.ts";
import {
  isClerkJwtKey,
  isPlaceholder,
  mailAddress,
  maybeNumber,
  networks,
  optional,
  secret,
  url,
  webPage,
  wholeNumber,
} from "./setting-kinds.ts";

/** The settings: what each variable of the environment is, and what is wrong with one. */

/** Every variable that this service reads, and how it has to look. */
export const environment = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  /** The local Stripe takes the next one. */
  PORT: wholeNumber(3000, 1, 65_534),
  HOST: optional,
  CHARLIE_DATA_DIR: z.string().trim().min(1).default(".charlie"),
  /** The address people type, e.g. https://charlie.example.org; by default this machine and PORT. */
  PUBLIC_URL: url.transform((value) => value?.replace(/\/+$/, "")),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  DATABASE_URL: url,
  REDIS_URL: url,
  BETTER_AUTH_SECRET: secret.refine(
    (value) => value === undefined || value.length >= 32,
    "must have 32 characters or more",
  ),
  ENCRYPTION_KEY: secret.refine(
    (value) => value === undefined || Buffer.from(value, "base64url").length === 32,
    "must be 32 bytes in url-safe base64",
  ),
  STRIPE_SECRET_KEY: secret.refine(
    (value) => value === undefined || /^(sk|rk)_(test|live)_/.test(value),
    "must start with sk_test_, sk_live_, rk_test_ or rk_live_",
  ),
  /** A server that speaks Stripe's protocol and is asked instead of Stripe: a gateway, or the tests' local Stripe. */
  STRIPE_API_URL: webPage,
  STRIPE_PUBLISHABLE_KEY: secret.refine(
    (value) => value === undefined || /^pk_(test|live)_/.test(value),
    "must start with pk_test_ or pk_live_",
  ),
  STRIPE_WEBHOOK_SECRET: secret,
  STRIPE_PRO_PRICE_ID: secret,
  STRIPE_TEAM_PRICE_ID: secret,
  /** Where they are not set, the yearly prices are found by their lookup keys. */
  STRIPE_PRO_YEARLY_PRICE_ID: secret,
  STRIPE_TEAM_YEARLY_PRICE_ID: secret,
  /** 1: Stripe Tax computes the tax at checkout. Needs Stripe Tax to be set up in Stripe's dashboard. */
  STRIPE_TAX: z
    .enum(["0", "1"])
    .default("0")
    .transform((value) => value === "1"),
  OPENAI_API_KEY: secret,
  OPENAI_BASE_URL: url,
  ANTHROPIC_API_KEY: secret,
  ANTHROPIC_BASE_URL: url,
  AI_PRICES_FILE: optional,
  FREE_AI_ALLOWANCE_USD: z.coerce.number({ error: "must be a number" }).min(0).max(1_000_000).default(0),
  RESEND_API_KEY: secret,
  RESEND_BASE_URL: url,
  FROM_EMAIL: optional,
  /** Whoever sees the pages under /admin: addresses of accounts, comma-separated, that are confirmed. */
  OPERATOR_EMAILS: optional,
  /** Messages older than so many whole months are removed, their counts and costs kept. Unset: kept for ever. */
  MESSAGE_RETENTION_MONTHS: maybeNumber("a number of months", 1_200),
  /** Where people reach whoever runs this; in the foot of the public pages and in Help. */
  SUPPORT_EMAIL: mailAddress,
  TERMS_URL: webPage,
  PRIVACY_URL: webPage,
  IMPRINT_URL: webPage,
  BILLING_GRACE_DAYS: wholeNumber(7, 0, 60),
  /** Scales every request-rate limit; 0 turns them off (tests only). */
  RATE_LIMIT_SCALE: z.coerce.number().min(0).max(1_000).default(1),
  /** Addresses or networks (10.0.0.0/24) of proxies whose X-Forwarded-For is believed, comma-separated; none by default. */
  TRUSTED_PROXIES: networks,
  /** The name people type, without https://, and who hears of its certificate (deploy/). */
  DOMAIN: optional.refine(
    (value) => value === undefined || /^(?!-)[a-z\d-]+(\.[a-z\d-]+)*$/i.test(value),
    "must be a name like charlie.example.org, without https://",
  ),
  ACME_EMAIL: mailAddress,
  /** What runs here, as errors and traces name it: the image's git commit. By default the package's version. */
  RELEASE: optional,
  /** Where errors are reported, of the server and of the pages. Unset: nowhere. */
  SENTRY_DSN: webPage,
  SENTRY_ENVIRONMENT: optional,
  POSTHOG_KEY: secret,
  POSTHOG_HOST: url,
  /** Traces and metrics go there; headers as `name=value,name=value` (OpenTelemetry's own variables). */
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_HEADERS: optional,
  /** Where Prometheus may ask this process for its numbers, at /metrics: a port that is never published. Unset: nowhere. */
  METRICS_PORT: maybeNumber("a port", 65_535),
  UPTIMEROBOT_API_KEY: secret,
  UPTIMEROBOT_BASE_URL: url,
  /** With these three Clerk signs people in, instead of Better Auth. */
  CLERK_SECRET_KEY: secret.refine(
    (value) => value === undefined || /^sk_(test|live)_/.test(value),
    "must start with sk_test_ or sk_live_",
  ),
  CLERK_PUBLISHABLE_KEY: secret.refine(
    (value) => value === undefined || frontendApiOf(value) !== null,
    "must be the publishable key of Clerk's page of API keys: pk_test_… or pk_live_…",
  ),
  /** The line breaks may be written as `\n`, as in an env file. */
  CLERK_JWT_KEY: optional
    .transform((value) => value?.replaceAll("\\n", "\n").trim())
    .refine(
      (value) => value === undefined || isClerkJwtKey(value),
      "must be the PEM public key of Clerk's page of API keys",
    ),
  /** Of the webhook that tells of people and sessions; several, comma-separated, while one is being replaced. */
  CLERK_WEBHOOK_SECRET: secret.refine(
    (value) => value === undefined || value.split(",").every((part) => part.trim().startsWith("whsec_")),
    "must start with whsec_ (several are separated by commas)",
  ),
  CLERK_API_URL: url,
  LANGFLOW_URL: url,
  LANGFLOW_API_KEY: secret,
  /** Where backups go (any S3), and the age key that they are encrypted for (deploy/backup). */
  BACKUP_S3_ENDPOINT: url,
  BACKUP_S3_REGION: optional,
  BACKUP_S3_BUCKET: optional,
  BACKUP_S3_PREFIX: optional,
  BACKUP_S3_ACCESS_KEY_ID: secret,
  BACKUP_S3_SECRET_ACCESS_KEY: secret,
  BACKUP_AGE_RECIPIENT: optional.refine(
    (value) => value === undefined || value.split(",").every((key) => /^age1[0-9a-z]{58}$/.test(key.trim())),
    "must be an age public key (age1…; several are separated by commas)",
  ),
  /** The hour of the day in which the backup begins, UTC. */
  BACKUP_HOUR: wholeNumber(2, 0, 23),
  /** How long a running answer may hold up a shutdown, in seconds. */
  SHUTDOWN_SECONDS: wholeNumber(330, 0, 3_600),
});

/** Clerk signs people in where all of these are set. */
export const clerkKeys = ["CLERK_SECRET_KEY", "CLERK_PUBLISHABLE_KEY", "CLERK_JWT_KEY"] as const;

/** Without these, and what signing in needs, a production server would run a stand-in. */
export const neededInProduction = [
  "DATABASE_URL",
  "PUBLIC_URL",
  "ENCRYPTION_KEY",
  "STRIPE_SECRET_KEY",
  "STRIPE_WEBHOOK_SECRET",
  "STRIPE_PRO_PRICE_ID",
  "STRIPE_TEAM_PRICE_ID",
  "REDIS_URL",
  "RESEND_API_KEY",
  "FROM_EMAIL",
] as const;

export type Environment = z.infer<typeof environment>;

type Env = Record<string, string | undefined>;

/** What is wrong only where customers are served: what everybody knows, and a secret of another kind. */
function knownDefaults(env: Env): [name: string, why: string][] {
  const faults: [string, string][] = [];
  for (const name of ["DATABASE_URL", "REDIS_URL"] as const) {
    const password = URL.canParse(env[name] ?? "") ? decodeURIComponent(new URL(env[name] ?? "").password) : "";
    if (password !== "" && isPlaceholder(password)) faults.push([name, "has a placeholder for a password"]);
  }
  const webhook = env["STRIPE_WEBHOOK_SECRET"]?.trim();
  if (webhook && !webhook.split(",").every((part) => part.trim().startsWith("whsec_")))
    faults.push(["STRIPE_WEBHOOK_SECRET", "must start with whsec_ (several are separated by commas)"]);
  return faults;
}

/** What signing in needs besides Clerk's keys, which come together anyway. */
const signInNeeds = (env: Env): string[] => [
  clerkKeys.some((name) => env[name]?.trim()) ? "CLERK_WEBHOOK_SECRET" : "BETTER_AUTH_SECRET",
];

const missing = (env: Env): [name: string, why: string][] =>
  [...neededInProduction, ...signInNeeds(env)]
    .filter((name) => !env[name]?.trim())
    .map((name) => [name, "is missing; in production nothing stands in for it"]);

/** The environment as settings, `null` where a value is wrong; and what is wrong with it, by the variable's name. */
export function inspect(env: Env): { settings: Environment | null; faults: Map<string, string> } {
  const parsed = environment.safeParse(env);
  const faults = new Map((parsed.error?.issues ?? []).map(({ path, message }) => [path.join("."), message]));
  const given = [...clerkKeys, "CLERK_WEBHOOK_SECRET"].filter((name) => env[name]?.trim());
  for (const name of given.length === 0 ? [] : clerkKeys) {
    if (!env[name]?.trim()) faults.set(name, `is missing; ${given.join(" and ")} alone cannot sign anybody in`);
  }
  if (env["NODE_ENV"] === "production") {
    for (const [name, why] of [...missing(env), ...knownDefaults(env)]) if (!faults.has(name)) faults.set(name, why);
  }
  return { settings: parsed.data ?? null, faults };
}

/** Some of the settings: what is not set, or not right, is not there. */
export type Settings = { [Name in keyof Environment]?: Environment[Name] | undefined };

/** Each variable by itself, as production wants it: those that are right, and what is wrong with the others. */
export function inspectEach(env: Env): { settings: Settings; faults: Map<string, string> } {
  const faults = new Map(knownDefaults(env));
  const right = Object.entries(environment.shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse(env[name]);
    const [issue] = parsed.error?.issues ?? [];
    if (issue) faults.set(name, issue.message);
    return faults.has(name) || parsed.data === undefined ? [] : [[name, parsed.data] as const];
  });
  return { settings: Object.fromEntries(right), faults };
}
