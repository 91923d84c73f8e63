import type { Settings } from "../../server/src/settings.ts";

export type Name = keyof Settings;

export interface Question {
  name: Name;
  /** What it is, and where it is found. */
  words: string;
  /** May be left out. */
  optional?: true;
  /** Not shown while it is typed. */
  secret?: true;
  /** Asked only where this one, of a question before it, was not left out. */
  with?: Name;
}

export interface Step {
  title: string;
  /** One sentence, where a person has to know more. */
  about?: string;
  questions: readonly Question[];
  /** What looks at the answers; checks whose variables are not set are passed over. */
  checks: readonly string[];
  /** What cannot be well before the service runs: told, and not waited for. */
  later?: readonly string[];
}

const s3 = "of the bucket for backups";

/** What a person has to give, in the order it is asked for. Stripe's objects are made after the step that asks for its key. */
export const steps: readonly Step[] = [
  {
    title: "Your address",
    about: "Let an A record of the name point to the server that shall run it first.",
    questions: [
      { name: "DOMAIN", words: "The name people type, like charlie.example.org" },
      { name: "ACME_EMAIL", words: "Your mail address, for Let's Encrypt to warn you about the certificate" },
    ],
    checks: ["address.url", "address.dns", "address.acme"],
    later: ["address.port80"],
  },
  {
    title: "Database and Redis",
    about: "deploy/ brings both. Leave these out unless you have managed ones.",
    questions: [
      { name: "DATABASE_URL", words: "A PostgreSQL 17 of your own: postgres://…", optional: true, secret: true },
      { name: "REDIS_URL", words: "A Redis of your own: rediss://…", optional: true, secret: true },
    ],
    checks: ["database.version", "redis.connects", "redis.policy", "redis.persistence"],
  },
  {
    title: "Payments",
    about: "Products, prices, portal and webhook are made for you once the key is here.",
    questions: [
      {
        name: "STRIPE_SECRET_KEY",
        words: "Stripe's secret key (Developers, API keys): sk_live_… or sk_test_…",
        secret: true,
      },
      { name: "STRIPE_PUBLISHABLE_KEY", words: "Stripe's publishable key: pk_…", optional: true },
    ],
    checks: ["stripe.account"],
  },
  {
    title: "Mail",
    questions: [
      { name: "RESEND_API_KEY", words: "Resend's key (API keys): re_…", secret: true },
      { name: "FROM_EMAIL", words: "Whom mail comes from, like Charlie <hello@example.org>" },
    ],
    checks: ["mail.sender"],
  },
  {
    title: "You",
    questions: [
      { name: "OPERATOR_EMAILS", words: "Who may see the operator's pages: mail addresses, separated by commas" },
      { name: "SUPPORT_EMAIL", words: "Where your customers reach you", optional: true },
    ],
    checks: ["sign-in.operators"],
  },
  {
    title: "AI",
    about: "Without a key of yours, your customers bring their own.",
    questions: [
      { name: "OPENAI_API_KEY", words: "OpenAI's key", optional: true, secret: true },
      { name: "ANTHROPIC_API_KEY", words: "Anthropic's key", optional: true, secret: true },
      { name: "LANGFLOW_URL", words: "Langflow's address", optional: true },
      { name: "LANGFLOW_API_KEY", words: "Langflow's key", optional: true, secret: true, with: "LANGFLOW_URL" },
    ],
    checks: ["ai.openai", "ai.anthropic", "ai.langflow"],
  },
  {
    title: "Sign-in with Clerk",
    about: "Leave these out, and people sign in by mail and password.",
    questions: [
      { name: "CLERK_SECRET_KEY", words: "Clerk's secret key", optional: true, secret: true },
      { name: "CLERK_PUBLISHABLE_KEY", words: "Clerk's publishable key", optional: true, with: "CLERK_SECRET_KEY" },
      {
        name: "CLERK_JWT_KEY",
        words: "Clerk's JWKS public key (PEM), on one line",
        optional: true,
        with: "CLERK_SECRET_KEY",
      },
      {
        name: "CLERK_WEBHOOK_SECRET",
        words: "The signing secret of Clerk's webhook",
        optional: true,
        secret: true,
        with: "CLERK_SECRET_KEY",
      },
    ],
    checks: ["sign-in.clerk"],
  },
  {
    title: "Watching",
    questions: [
      { name: "SENTRY_DSN", words: "Sentry's DSN, for errors", optional: true },
      { name: "POSTHOG_KEY", words: "PostHog's project key: phc_…", optional: true },
      {
        name: "POSTHOG_HOST",
        words: "PostHog's region, like https://eu.i.posthog.com",
        optional: true,
        with: "POSTHOG_KEY",
      },
      { name: "OTEL_EXPORTER_OTLP_ENDPOINT", words: "Where traces and metrics go (OTLP over HTTP)", optional: true },
      {
        name: "OTEL_EXPORTER_OTLP_HEADERS",
        words: "Its headers: name=value,name=value",
        optional: true,
        secret: true,
        with: "OTEL_EXPORTER_OTLP_ENDPOINT",
      },
      {
        name: "UPTIMEROBOT_API_KEY",
        words: "UptimeRobot's key: the worker makes the monitor",
        optional: true,
        secret: true,
      },
    ],
    checks: ["watching.sentry", "watching.posthog", "watching.otlp"],
  },
  {
    title: "Backups",
    about: "Any S3 will do. Use a key that may put, get and list, and not delete; let the bucket delete after 30 days.",
    questions: [
      { name: "BACKUP_S3_ENDPOINT", words: `The S3 address ${s3}, like https://s3.eu-central-1.amazonaws.com` },
      { name: "BACKUP_S3_REGION", words: `The region ${s3}`, optional: true },
      { name: "BACKUP_S3_BUCKET", words: `The name ${s3}` },
      { name: "BACKUP_S3_PREFIX", words: "A folder in it", optional: true },
      { name: "BACKUP_S3_ACCESS_KEY_ID", words: `The access key id ${s3}` },
      { name: "BACKUP_S3_SECRET_ACCESS_KEY", words: `The secret access key ${s3}`, secret: true },
    ],
    checks: ["backups.store"],
  },
];
