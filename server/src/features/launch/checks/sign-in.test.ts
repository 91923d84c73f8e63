import { generateKeyPairSync } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { examine, failed, ok } from "../../../../test/launch.ts";
import { startRecorder } from "../../../../test/stand-ins/recorder.ts";

const ours = generateKeyPairSync("rsa", { modulusLength: 2048 });
const theirs = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = ({ publicKey }: typeof ours): string => publicKey.export({ type: "spki", format: "pem" }).toString();

async function clerk(status = 200): Promise<Record<string, string>> {
  const key = { ...ours.publicKey.export({ format: "jwk" }), kid: "ins_1", use: "sig", alg: "RS256" };
  const receiver = await startRecorder(({ path, headers }) => {
    const known = path === "/v1/jwks" && headers["authorization"] === "Bearer sk_test_4Kd0zQm2";
    return known && status === 200
      ? { status, json: { keys: [key] } }
      : { status: 401, json: { errors: [{ code: "clerk_key_invalid" }] } };
  });
  onTestFinished(() => receiver.close());
  return {
    CLERK_API_URL: receiver.url,
    CLERK_SECRET_KEY: "sk_test_4Kd0zQm2",
    CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from("good.clerk.accounts.dev$").toString("base64")}`,
    CLERK_JWT_KEY: pem(ours),
    CLERK_WEBHOOK_SECRET: "whsec_4Kd0zQm2",
  };
}

test("Clerk takes the key, and signs with the one that is set, on one line too", async () => {
  const env = await clerk();
  expect(await examine("sign-in.clerk", env)).toEqual(ok("a test instance"));
  const oneLine = pem(ours).replaceAll("\n", "\\n");
  expect(await examine("sign-in.clerk", { ...env, CLERK_JWT_KEY: oneLine })).toEqual(ok("a test instance"));
});

test("another key, one that is none, keys of two instances, a refused one", async () => {
  const env = await clerk();
  const look = (other: Record<string, string>) => examine("sign-in.clerk", { ...env, ...other });
  expect(await look({ CLERK_JWT_KEY: pem(theirs) })).toEqual(failed("not the key that Clerk signs with"));
  expect(await look({ CLERK_JWT_KEY: "abcdef" })).toEqual(failed("CLERK_JWT_KEY must be the PEM public key"));
  expect(await look({ CLERK_SECRET_KEY: "sk_live_4Kd0zQm2" })).toEqual(failed("one live and one test"));
  expect(await look({ CLERK_SECRET_KEY: "sk_test_9Kd0zQm2" })).toEqual(failed("Clerk refuses the key"));
  const { CLERK_JWT_KEY: _, ...half } = env;
  expect(await examine("sign-in.clerk", half)).toMatchObject({ state: "missing", found: "CLERK_JWT_KEY is not set" });
});

test("sessions need a secret of one's own, or Clerk", async () => {
  const look = (env: Record<string, string>) => examine("sign-in.secret", env);
  expect(await look({ BETTER_AUTH_SECRET: "q8Zk03mX".repeat(4) })).toEqual(ok("32 characters"));
  expect(await look({ CLERK_SECRET_KEY: "sk_test_4Kd0zQm2" })).toEqual(ok("Clerk signs them"));
  expect(await look({})).toMatchObject({ state: "missing", todo: expect.stringContaining("npm run setup") as string });
  expect(await look({ BETTER_AUTH_SECRET: "q8Zk03mX" })).toEqual(failed("must have 32 characters"));
  expect(await look({ BETTER_AUTH_SECRET: "better-auth-secret-12345678901234567890" })).toEqual(
    failed("BETTER_AUTH_SECRET is a placeholder, not a secret"),
  );
});

test("somebody has to be the operator", async () => {
  expect(await examine("sign-in.operators", { OPERATOR_EMAILS: "pat@charlie.dev, ann@charlie.dev" })).toEqual(
    ok("2 people"),
  );
  expect(await examine("sign-in.operators", { OPERATOR_EMAILS: "pat@charlie.dev; ann" })).toEqual(
    failed("is no address", "commas"),
  );
});
