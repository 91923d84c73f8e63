import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { ConfigError, contactOf, readConfig } from "./config.ts";

const messageOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
};

/** A production environment in which nothing is wrong. */
const production = {
  NODE_ENV: "production",
  DATABASE_URL: "postgres://charlie:kei3Ahw0xooz@db.internal/charlie",
  REDIS_URL: "rediss://:shie6Quoo1Ah@redis.internal:6379",
  PUBLIC_URL: "https://charlie.example.org",
  BETTER_AUTH_SECRET: "pohW6aeghaa7Aiv4eiqu2uodohx3Ahc5",
  ENCRYPTION_KEY: Buffer.from("pohW6aeghaa7Aiv4eiqu2uodohx3Ahc5").toString("base64url"),
  STRIPE_SECRET_KEY: "sk_live_51NiV8eeth0Wahghoo3",
  STRIPE_WEBHOOK_SECRET: "whsec_Ohr7aij4ahPoo3di",
  STRIPE_PRO_PRICE_ID: "price_1NiVei4Quohw",
  STRIPE_TEAM_PRICE_ID: "price_1NiVoo0Eeghi",
  RESEND_API_KEY: "re_Eik4ohNg_ae7Iepha",
  FROM_EMAIL: "Charlie <charlie@example.org>",
};
const names = Object.keys(production).filter((name) => name !== "NODE_ENV");

test("with nothing set a sandbox starts, on port 3000 with its data in .charlie", () => {
  expect(readConfig({})).toMatchObject({ PORT: 3000, production: false, RATE_LIMIT_SCALE: 1 });
  expect(readConfig({}).dataDir).toMatch(/\.charlie$/);
});

test("what the pages tell about whoever runs the service must lead somewhere", () => {
  const told = { SUPPORT_EMAIL: "help@example.org", TERMS_URL: "https://example.org/terms" };
  expect(contactOf(readConfig(told))).toEqual({
    supportEmail: "help@example.org",
    legal: [{ name: "Terms", url: "https://example.org/terms" }],
  });
  expect(contactOf(readConfig({}))).toEqual({ supportEmail: null, legal: [] });
  expect(messageOf({ SUPPORT_EMAIL: "help" })).toContain("SUPPORT_EMAIL must be an e-mail address");
  expect(messageOf({ IMPRINT_URL: "javascript:alert(1)" })).toContain("IMPRINT_URL must be an address");
});

test("production with nothing set names every variable in one message", () => {
  const message = messageOf({ NODE_ENV: "production" });
  for (const name of names) expect(message).toContain(`${name} is missing`);
  expect(messageOf(production)).toBe("");
});

test.each(names)("production without %s says so, and says nothing of the others", (name) => {
  for (const empty of ["", "  "]) {
    const message = messageOf({ ...production, [name]: empty });
    expect(message.split("\n").slice(1)).toEqual([`  ${name} is missing; in production nothing stands in for it`]);
  }
});

const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
/** Clerk's settings, of which nothing is wrong. */
const clerk = {
  CLERK_SECRET_KEY: "sk_live_Ohr7aij4ahPoo3diKei3Ahw0xooz",
  CLERK_PUBLISHABLE_KEY: `pk_live_${Buffer.from("clerk.charlie.example.org$").toString("base64")}`,
  CLERK_JWT_KEY: publicKey.export({ type: "spki", format: "pem" }).toString(),
  CLERK_WEBHOOK_SECRET: "whsec_b2hyN2FpajRhaFBvbzNkaQ==",
};

test("with Clerk's keys production needs no secret of Better Auth, and needs the secret of Clerk's webhook", () => {
  const { BETTER_AUTH_SECRET: _none, ...others } = production;
  expect(messageOf({ ...others, ...clerk })).toBe("");
  expect(messageOf({ ...others, ...clerk, CLERK_WEBHOOK_SECRET: "" })).toMatch(
    /:\n {2}CLERK_WEBHOOK_SECRET is missing;.*$/,
  );
  expect(messageOf({ ...clerk, CLERK_WEBHOOK_SECRET: "" })).toBe("");
  const pem = clerk.CLERK_JWT_KEY.replaceAll("\n", "\\n");
  expect(readConfig({ ...clerk, CLERK_JWT_KEY: pem }).CLERK_JWT_KEY).toBe(clerk.CLERK_JWT_KEY.trim());
});

test.each(["CLERK_SECRET_KEY", "CLERK_PUBLISHABLE_KEY", "CLERK_JWT_KEY"] as const)(
  "Clerk's keys come together: without %s it is named, at a desk too",
  (name) => {
    expect(messageOf({ ...clerk, [name]: " " })).toMatch(new RegExp(`:\\n  ${name} is missing; [^\\n]*$`));
    expect(messageOf({ [name]: clerk[name] }).match(/is missing/g)).toHaveLength(2);
  },
);

test.each<[keyof typeof clerk, string]>([
  ["CLERK_SECRET_KEY", "pk_live_Ohr7aij4ahPoo3di"],
  ["CLERK_SECRET_KEY", "sk_test_xxxxxxxx"],
  ["CLERK_PUBLISHABLE_KEY", "pk_live_Ohr7aij4ahPoo3di"],
  ["CLERK_PUBLISHABLE_KEY", `pk_test_${Buffer.from("a.example; script-src *$").toString("base64")}`],
  ["CLERK_PUBLISHABLE_KEY", `pk_test_${Buffer.from("clerk.example.org").toString("base64")}`],
  ["CLERK_JWT_KEY", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"],
  ["CLERK_JWT_KEY", generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString()],
  ["CLERK_WEBHOOK_SECRET", "Ohr7aij4ahPoo3di"],
])("%s cannot be %s", (name, value) => {
  expect(messageOf({ ...clerk, [name]: value })).toMatch(new RegExp(`:\\n  ${name} [^\\n]*$`));
});

/** As they stand in example files, tutorials and other people's repositories. */
const placeholders = [
  "changeme",
  "change-me-please-change-me-please-change-me",
  "CHANGE_ME_CHANGE_ME_CHANGE_ME_CHANGE_ME",
  "your-secret-here-your-secret-here-your-secret",
  "<your secret>",
  "secret",
  "supersecret",
  "placeholder-placeholder-placeholder-1",
  "example-secret-example-secret-example",
  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
  "00000000000000000000000000000000",
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "1234567890123456789012345678901234567890123",
  "better-auth-secret-12345678901234567890",
  "TODO",
  "...",
];
test.each(["BETTER_AUTH_SECRET", "ENCRYPTION_KEY"])(
  "a placeholder as %s is refused by name, also outside production",
  (name) => {
    for (const value of placeholders) {
      for (const env of [{ ...production, [name]: value }, { [name]: value }]) {
        expect([value, messageOf(env)]).toEqual([value, expect.stringContaining(`  ${name} `)]);
      }
    }
  },
);

const prefixed: [name: string, values: string[]][] = [
  ["STRIPE_SECRET_KEY", ["sk_test_...", "sk_live_xxxxxxxx", "sk_test_your_key", "sk_test_changeme", "changeme"]],
  ["STRIPE_WEBHOOK_SECRET", ["whsec_...", "whsec_xxx", "whsec_your_secret", "whsec_Ohr7aij4ahPoo3di,whsec_changeme"]],
  ["STRIPE_PRO_PRICE_ID", ["price_...", "price_xxxxx", "price_your_pro_price"]],
  ["RESEND_API_KEY", ["re_xxxxxxxxx", "re_...", "re_your_key"]],
  ["OPENAI_API_KEY", ["sk-...", "sk-xxxx", "sk-your-key", "sk-proj-xxxxxxxx"]],
  ["ANTHROPIC_API_KEY", ["sk-ant-...", "sk-ant-xxxxx", "your-api-key"]],
  ["DATABASE_URL", ["postgres://charlie:changeme@db/charlie", "postgres://postgres:password@db/charlie", "nonsense"]],
  ["REDIS_URL", ["redis://:changeme@redis:6379", "redis://default:your-password@redis"]],
];
test.each(prefixed)("%s: what only looks like one is refused by name", (name, values) => {
  for (const value of values) {
    expect([value, messageOf({ ...production, [name]: value })]).toEqual([
      value,
      expect.stringContaining(`  ${name} `),
    ]);
  }
});

test("no message repeats a value", () => {
  const wrong = {
    ...production,
    STRIPE_SECRET_KEY: "pk_live_hush",
    BETTER_AUTH_SECRET: "hush",
    ENCRYPTION_KEY: "hush",
  };
  const message = messageOf({ ...wrong, DATABASE_URL: "hush hush", PORT: "hush" });
  for (const name of ["STRIPE_SECRET_KEY", "BETTER_AUTH_SECRET", "ENCRYPTION_KEY", "DATABASE_URL", "PORT"])
    expect(message).toContain(`  ${name} `);
  expect(message).not.toContain("hush");
});

test("real-looking values are taken, several webhook secrets included", () => {
  const more = { OPENAI_API_KEY: "sk-proj-Ahw0xooz7Aiv4eiqu", ANTHROPIC_API_KEY: "sk-ant-api03-Ahw0xooz7Aiv4" };
  const two = "whsec_Ohr7aij4ahPoo3di, whsec_Eik4ohNgae7Iepha";
  expect(messageOf({ ...production, ...more, STRIPE_WEBHOOK_SECRET: two })).toBe("");
});

test("TRUSTED_PROXIES are addresses and networks, and never everybody", () => {
  const read = (TRUSTED_PROXIES: string) => readConfig({ TRUSTED_PROXIES }).TRUSTED_PROXIES;
  expect(read("10.213.77.0/24, 127.0.0.1,fd00::/64,::1")).toEqual(["10.213.77.0/24", "127.0.0.1", "fd00::/64", "::1"]);
  expect(read("")).toBeUndefined();
  for (const wrong of [
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/7",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/24/8",
    "nginx",
    "true",
    "1",
    "10.0.0.0/24,",
  ])
    expect([wrong, messageOf({ TRUSTED_PROXIES: wrong })]).toEqual([
      wrong,
      expect.stringContaining("TRUSTED_PROXIES must be"),
    ]);
});
