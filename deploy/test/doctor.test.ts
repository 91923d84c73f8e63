import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { plans, receiveStripeEvent } from "@charlie/contract";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../server/src/embedded/free-port.ts";
import { workedEvents } from "../../server/src/features/billing/index.ts";
import { isReady, launchChecks, recordOperation, runChecks } from "../../server/src/features/launch/index.ts";
import { setUpCatalogue, setUpWebhook } from "../../server/src/integrations/stripe/index.ts";
import { inspectEach } from "../../server/src/settings.ts";
import { makeCertificate, trust } from "../../server/test/certificate.ts";
import { startTestApp } from "../../server/test/harness.ts";
import { startRedis } from "../../server/test/redis.ts";
import { startRecorder } from "../../server/test/stand-ins/recorder.ts";
import { openAccount } from "../../server/test/stripe-account.ts";

import { bucket, startStore } from "../backup/test/store.ts";

test("where everything is as it should be, every check says so, and it is ready", async () => {
  const app = await startTestApp();
  onTestFinished(() => app.close());
  for (const name of ["backup", "restore_check", "certificate"] as const)
    await recordOperation(app.db, { name, ok: true, detail: {}, startedAt: new Date() });
  const redis = await startRedis(undefined, ["--appendonly", "yes"]);
  onTestFinished(() => redis.close());
  const store = await startStore();
  onTestFinished(() => store.close());
  store.refuse = ["DELETE"];

  const certificate = makeCertificate(80);
  onTestFinished(() => certificate.remove());
  trust(certificate);
  const web = createServer(certificate, (_request, response) => void response.end('{"status":"alive"}'));
  await new Promise<void>((resolve) => web.listen(0, resolve));
  onTestFinished(() => void web.close());
  const https = (web.address() as AddressInfo).port;
  const publicUrl = `https://localhost:${https}`;

  const account = await openAccount();
  onTestFinished(() => account.close());
  const work = { stripe: account.stripe, apply: true, tell: () => {} };
  const catalogue = await setUpCatalogue(work, { plans, publicUrl });
  await setUpWebhook(work, { url: `${publicUrl}${receiveStripeEvent.path}`, events: workedEvents });

  const domains = { data: [{ name: "charlie.dev", status: "verified" }], object: "list", has_more: false };
  const monitors = { data: [{ id: 1, type: "HTTP", url: `${publicUrl}/health`, status: "UP" }], nextLink: null };
  const models = { data: [{ id: "one" }] };
  const answers: Record<string, unknown> = { "/domains": domains, "/monitors": monitors, "/models": models };
  const services = await startRecorder(({ path }) => ({ status: 200, json: answers[path.split("?")[0] ?? ""] ?? {} }));
  onTestFinished(() => services.close());

  const env = {
    PUBLIC_URL: publicUrl,
    DOMAIN: "localhost",
    ACME_EMAIL: "pat@charlie.dev",
    BETTER_AUTH_SECRET: "q8Zk03mXw2".repeat(4),
    ENCRYPTION_KEY: Buffer.alloc(32, "q8Zk03mX").toString("base64url"),
    DATABASE_URL: app.databaseUrl,
    REDIS_URL: redis.url,
    STRIPE_SECRET_KEY: "sk_test_51Nq0rKZbT8mH3xYd",
    STRIPE_WEBHOOK_SECRET: "whsec_k3jH8sPq2Lm",
    STRIPE_PRO_PRICE_ID: catalogue?.prices.pro.month ?? "",
    STRIPE_TEAM_PRICE_ID: catalogue?.prices.team.month ?? "",
    RESEND_API_KEY: "re_8Qkd03hZ",
    RESEND_BASE_URL: services.url,
    FROM_EMAIL: "Charlie <hello@charlie.dev>",
    OPERATOR_EMAILS: "pat@charlie.dev",
    OPENAI_API_KEY: "sk-proj-4hTq02mZ",
    OPENAI_BASE_URL: services.url,
    ANTHROPIC_API_KEY: "sk-ant-4hTq02mZ",
    ANTHROPIC_BASE_URL: services.url,
    LANGFLOW_URL: services.url,
    LANGFLOW_API_KEY: "lf-29dkQmz0",
    SENTRY_DSN: `${services.url.replace("//", "//0a1b2c3d4e5f@")}/42`,
    POSTHOG_KEY: "phc_9dk2MzQq",
    POSTHOG_HOST: services.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: services.url,
    UPTIMEROBOT_API_KEY: "u29-4kq0ZmXw",
    UPTIMEROBOT_BASE_URL: services.url,
    BACKUP_S3_ENDPOINT: store.url,
    BACKUP_S3_BUCKET: bucket,
    BACKUP_S3_ACCESS_KEY_ID: "S3RVER",
    BACKUP_S3_SECRET_ACCESS_KEY: "S3RVER",
    BACKUP_AGE_RECIPIENT: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
  };
  const results = await runChecks(launchChecks, inspectEach(env), {
    stripe: { host: "127.0.0.1", port: account.doorman.port },
    ports: { http: await freePort(), https },
  });
  // Better Auth signs people in here.
  const others = results.filter(({ id }) => id !== "sign-in.clerk");
  expect(others.filter(({ state }) => state !== "ok")).toEqual([]);
  expect(others.length).toBe(launchChecks.length - 1);
  expect(isReady(results)).toBe(true);
});
