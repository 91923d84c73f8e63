import { randomBytes } from "node:crypto";

/** Letters and digits alone: Stripe's keys have nothing else. */
const secret = (): string => randomBytes(24).toString("hex");

/** The settings of a stack: secrets made for it, and names of things that do not exist. */
export const testSettings = (domain: string): Record<string, string> => ({
  DOMAIN: domain,
  ACME_EMAIL: "operator@charlie.example",
  POSTGRES_PASSWORD: secret(),
  REDIS_PASSWORD: secret(),
  BETTER_AUTH_SECRET: secret() + secret(),
  ENCRYPTION_KEY: randomBytes(32).toString("base64url"),
  STRIPE_SECRET_KEY: `sk_test_${secret()}`,
  STRIPE_WEBHOOK_SECRET: `whsec_${secret()}`,
  STRIPE_PRO_PRICE_ID: `price_${secret()}`,
  STRIPE_TEAM_PRICE_ID: `price_${secret()}`,
  RESEND_API_KEY: `re_${secret()}`,
  FROM_EMAIL: "charlie@charlie.example",
  BACKUP_S3_ENDPOINT: "https://s3.charlie.example",
  BACKUP_S3_BUCKET: "charlie",
  BACKUP_S3_ACCESS_KEY_ID: secret(),
  BACKUP_S3_SECRET_ACCESS_KEY: secret(),
  BACKUP_AGE_RECIPIENT: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
});

/** As the lines of an env file. */
export const envFile = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
