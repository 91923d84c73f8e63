import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import * as contract from "@charlie/contract";
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { contactOf, posthogOf, reportsOf, vitalPlace, type Config } from "./config.ts";
import type { Database } from "./db/client.ts";
import { adminRoutes } from "./features/admin/index.ts";
import { agentsRoutes } from "./features/agents/index.ts";
import { analyticsJobs, analyticsRoutes } from "./features/analytics/index.ts";
import { aiRoutes, makeAiServices, type AiServices } from "./features/ai/index.ts";
import { billingJobs, billingRoutes, billingWebhook, makeBillingServices } from "./features/billing/index.ts";
import { chatJobs, chatRoutes, startChat } from "./features/chat/index.ts";
import { identityJobs, identityRoutes, makeIdentity, type Auth } from "./features/identity/index.ts";
import { launchRoutes, vitalSigns } from "./features/launch/index.ts";
import { mailJobs, mailPage } from "./features/mail/index.ts";
import { plansRoutes, rateRefusals } from "./features/plans/index.ts";
import { projectsRoutes } from "./features/projects/index.ts";
import { usageJobs, usageRoutes } from "./features/usage/index.ts";
import { workspacesRoutes } from "./features/workspaces/index.ts";
import { closeServer } from "./http/closing.ts";
import { useHealth } from "./http/health.ts";
import { useRequestLog } from "./http/log.ts";
import { useOpenApi } from "./http/openapi.ts";
import { readableUrl, useProblems } from "./http/problem.ts";
import { useRates } from "./http/rates.ts";
import { makeRouter, type AuthenticateOperator } from "./http/route.ts";
import { useTelemetry } from "./http/telemetry.ts";
import { useSecurity } from "./http/security.ts";
import { useWebPages } from "./http/web-pages.ts";
import { frontendApiOf } from "./integrations/clerk/index.ts";
import type { MailSender } from "./integrations/mail/index.ts";
import type { StripeParts } from "./integrations/stripe/index.ts";
import { housekeepingJobs } from "./jobs/housekeeping.ts";
import { joinJobs, type Jobs } from "./jobs/queue.ts";
import { operatorCtx, operatorsOf } from "./operators.ts";
import type { Telemetry } from "./telemetry.ts";

export interface AppDeps {
  config: Config;
  /** The address people type. */
  publicUrl: string;
  secrets: { auth: string; encryptionKey: Buffer };
  db: Database;
  stripe: StripeParts;
  /** `null` in a sandbox: the mail page shows what would be sent. */
  mailSender: MailSender | null;
  /** Other timings than the usual ones. */
  brainTimings?: Partial<Pick<AiServices, "timeouts" | "offlinePauseMs">>;
  /** How long a client may take to send its headers, and a whole request, in ms; others than the usual 15 s and 2 min. */
  clientTimings?: { headersMs: number; requestMs: number };
  /** How long Stripe's events gather before they are worked on, in ms. */
  eventPauseMs?: number;
  /** The demo account that the sign-in page offers; `null` in production. */
  demo: { email: string; password: string } | null;
  log: FastifyBaseLogger;
  /** Measures where that is configured. */
  telemetry?: Telemetry | null;
}

export interface App {
  fastify: FastifyInstance;
  /** `null` where Clerk signs people in. */
  auth: Auth | null;
  jobs: Jobs;
  /**
   * Readiness off; `lingerMs` in which everything is still served, as whoever sends requests here has to see that first;
   * then idle connections are closed, and running answers have at most `ms` to end.
   */
  shutDown(times: { lingerMs?: number; ms: number }): Promise<void>;
}

/** The largest JSON body, in bytes: the longest answers of an agent with room to spare. */
const bodyLimit = 256 * 1024;

/** Builds the app: the same in production and in tests, which only give it other parts. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const { config, db, log, publicUrl } = deps;
  const requestMs = deps.clientTimings?.requestMs ?? 120_000;
  const fastify: FastifyInstance = Fastify({
    loggerInstance: log,
    // Our own single line per request takes the place of Fastify's two.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit,
    trustProxy: config.TRUSTED_PROXIES ?? false,
    // A request that came in before the end is served; the answer says that its connection closes.
    return503OnClosing: false,
    http: {
      headersTimeout: deps.clientTimings?.headersMs ?? 15_000,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(5_000, requestMs),
    },
    requestTimeout: requestMs,
    rewriteUrl: readableUrl,
  });
  // A form of another website can send plain text without asking; we take JSON only.
  fastify.removeContentTypeParser("text/plain");
  fastify.setValidatorCompiler(validatorCompiler);
  fastify.setSerializerCompiler(serializerCompiler);
  useProblems(fastify);
  useRequestLog(fastify);
  if (deps.telemetry) useTelemetry(fastify, deps.telemetry);
  await useSecurity(fastify, {
    publicUrl,
    atDesk: !config.production,
    reportsTo: config.SENTRY_DSN,
    clerkHost: frontendApiOf(config.CLERK_PUBLISHABLE_KEY ?? ""),
  });
  const rates = await useRates(fastify, {
    redisUrl: config.REDIS_URL,
    scale: config.RATE_LIMIT_SCALE,
    keep: rateRefusals({ db, log }),
  });
  await useOpenApi(fastify, { publicUrl });
  const health = useHealth(fastify, {
    db,
    redis: rates.redis,
    signs: () => vitalSigns(db, vitalPlace(config)),
  });

  const identity = makeIdentity({ config, db, publicUrl, secret: deps.secrets.auth, log });
  const { sessions } = identity;
  // At a desk the demo account runs the service, so that the operator's pages can be seen.
  const operators = operatorsOf(config.OPERATOR_EMAILS ?? deps.demo?.email ?? "");
  const operator: AuthenticateOperator = async (request) =>
    operatorCtx(operators, await sessions.authenticate(request));
  const pageOperator: AuthenticateOperator = async (request) =>
    operatorCtx(operators, await sessions.recognise(request));
  const router = makeRouter(fastify, { authenticate: sessions.authenticate, operator, limit: rates.member });

  const contact = contactOf(config);
  router.open(contract.getConfig, async () => ({
    ...identity.told,
    sandbox: !config.production,
    mailUrl: config.production ? null : "/mail",
    demo: deps.demo,
    analytics: config.POSTHOG_KEY !== undefined,
    ...contact,
  }));
  identityRoutes(fastify, identity);
  plansRoutes(router);
  workspacesRoutes(router, operators);
  analyticsRoutes(router);
  projectsRoutes(router);
  agentsRoutes(router);
  const ai = makeAiServices({ config, encryptionKey: deps.secrets.encryptionKey, ...deps.brainTimings });
  usageRoutes(router, ai);
  aiRoutes(router, ai);
  const chat = startChat({ db, ai, log, tell: deps.telemetry?.answer });
  chatRoutes(router, chat);
  const billing = makeBillingServices({
    ...deps.stripe,
    db,
    publicUrl,
    graceDays: config.BILLING_GRACE_DAYS,
    tax: config.STRIPE_TAX,
    log,
    ...(deps.eventPauseMs === undefined ? {} : { pauseMs: deps.eventPauseMs }),
  });
  billingRoutes(router, billing);
  billingWebhook(fastify, billing);
  adminRoutes(router, billing);
  launchRoutes(router, { settings: config, faults: new Map() });
  if (!config.production) mailPage(fastify, { db });
  await useWebPages(fastify, { publicUrl, operator: pageOperator, contact, reports: reportsOf(config) });
  await fastify.ready();

  return {
    fastify,
    auth: identity.auth,
    jobs: joinJobs(
      housekeepingJobs(db),
      chatJobs({ db, log, retentionMonths: config.MESSAGE_RETENTION_MONTHS }),
      usageJobs({ db, publicUrl }),
      billingJobs(billing),
      identityJobs(billing),
      analyticsJobs({ db, posthog: posthogOf(config) }),
      mailJobs({ db, sender: deps.mailSender }),
    ),
    shutDown: async ({ lingerMs = 0, ms }) => {
      health.shutDown();
      await sleep(lingerMs);
      await closeServer(fastify, chat.drain(ms), ms);
      await billing.intake.close();
      await rates.close();
    },
  };
}
