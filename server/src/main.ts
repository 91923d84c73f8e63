import { createServer } from "node:net";
import { join } from "node:path";
import { destination } from "pino";
import { buildApp, type AppDeps } from "./app.ts";
import { ConfigError, readConfig, releaseOf, reportsOf, vitalPlace, type Config } from "./config.ts";
import { openDatabase } from "./db/client.ts";
import { migrate } from "./db/migrate.ts";
import { serviceGauges } from "./features/launch/index.ts";
import { takeDataFolder } from "./embedded/data-folder.ts";
import { demoAccount, ensureDemo } from "./embedded/demo.ts";
import { StartError } from "./embedded/start-error.ts";
import type { LocalStripe } from "./embedded/stripe.ts";
import type { ErrorReports } from "./integrations/sentry/index.ts";
import type { StartedTelemetry } from "./integrations/telemetry/index.ts";
import { resendSender, type MailSender } from "./integrations/mail/index.ts";
import { realStripe, type StripeParts } from "./integrations/stripe/index.ts";
import { startWorker } from "./jobs/queue.ts";
import { makeLog, type Log } from "./log.ts";
import { findSecrets } from "./secrets.ts";

const roles = new Set(["web", "worker", "all", "migrate"]);

/** What has to be undone when the process ends, last thing first. */
const undo: (() => Promise<unknown> | void)[] = [];
/** What would outlive this process, when there is no time to undo the rest. */
let endAtOnce: () => void = () => {};

/** Where errors are reported; `null` where that is not configured. */
let reports = null as ErrorReports | null;

/** How long an end waits for reports to be sent, in ms. */
const reportsMs = 2_000;

/** Tells of errors that nobody caught, and ends: what they left behind is not known. */
async function startReports(config: Config, role: string): Promise<void> {
  const settings = reportsOf(config);
  if (settings === null) return;
  // Loaded only here: most desks have no Sentry.
  const { startSentry } = await import("./integrations/sentry/index.ts");
  const sentry = startSentry({ ...settings, role });
  reports = sentry;
  undo.push(() => sentry.flush(reportsMs));
  const tellAndEnd = async (error: unknown): Promise<void> => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    sentry.report(error, {});
    endAtOnce();
    await sentry.flush(reportsMs);
    process.exit(1);
  };
  process.on("uncaughtException", (error) => void tellAndEnd(error));
}

/** Measures where somebody wants to know: `null` where nobody does, and then nothing of it is loaded. */
async function findTelemetry(config: Config, role: string): Promise<StartedTelemetry | null> {
  const { METRICS_PORT: metricsPort, OTEL_EXPORTER_OTLP_ENDPOINT: otlp } = config;
  if (metricsPort === undefined && otlp === undefined) return null;
  if (metricsPort !== undefined) await needFreePort(metricsPort);
  const { startTelemetry } = await import("./integrations/telemetry/index.ts");
  const telemetry = await startTelemetry({ metricsPort, otlp: otlp !== undefined, release: releaseOf(config), role });
  undo.push(() => telemetry.stop());
  return telemetry;
}

async function needFreePort(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () => {
      reject(
        new StartError(
          `Port ${port} is taken by another program. Stop that one, or start with another: PORT=${port + 10} npm start`,
        ),
      );
    });
    probe.listen(port, () => probe.close(() => resolve()));
  });
}

/** The database's address: the one that is set, else an embedded PostgreSQL that ends with this process. */
async function findDatabase(config: Config): Promise<string> {
  if (config.DATABASE_URL) return config.DATABASE_URL;
  // Loaded only here, like the local Stripe: production's image has neither.
  const { startPostgres } = await import("./embedded/postgres.ts");
  const postgres = await startPostgres(config.dataDir);
  undo.push(() => postgres.stop());
  endAtOnce = () => postgres.kill();
  return postgres.url;
}

/** Stripe itself where its key is set, else the local one, which ends with this process. */
async function findStripe(
  config: Config,
  { publicUrl, secret, log }: { publicUrl: string; secret: string; log: Log },
): Promise<StripeParts | LocalStripe> {
  const { STRIPE_SECRET_KEY } = config;
  if (STRIPE_SECRET_KEY !== undefined) return realStripe({ ...config, STRIPE_SECRET_KEY });
  const port = config.PORT + 1;
  await needFreePort(port);
  const { startLocalStripe } = await import("./embedded/stripe.ts");
  const local = await startLocalStripe({
    port,
    dataFile: join(config.dataDir, "stripe.jsonl"),
    webhookUrl: `http://localhost:${config.PORT}/api/v1/billing/webhook`,
    publicUrl,
    secret,
    log,
  });
  undo.push(() => local.close());
  return local;
}

function findMailSender(config: Config): MailSender | null {
  if (config.RESEND_API_KEY === undefined) return null;
  if (config.FROM_EMAIL === undefined)
    throw new StartError("RESEND_API_KEY is set, so FROM_EMAIL is needed too: the address that mail comes from.");
  return resendSender({ apiKey: config.RESEND_API_KEY, from: config.FROM_EMAIL, baseUrl: config.RESEND_BASE_URL });
}

function welcome(publicUrl: string, logFile: string, stripe: StripeParts | LocalStripe, demo: AppDeps["demo"]): string {
  return [
    "",
    `  Teach Charlie is ready:  ${publicUrl}`,
    ...(demo ? [`  Demo sign-in:            ${demo.email}  ${demo.password}`] : []),
    `  Mail that would be sent: ${publicUrl}/mail`,
    ...("control" in stripe ? [`  Local Stripe's controls: ${stripe.url}/sandbox`] : []),
    `  Log:                     ${logFile}`,
    "",
    "  Stop with Ctrl-C. Your data is kept.",
    "",
  ].join("\n");
}

/** Starts a role. Throws a StartError or ConfigError where the person at the terminal has something to do. */
async function start(role: string): Promise<void> {
  if (!roles.has(role)) throw new StartError(`There is no role ${role}. Known are ${[...roles].join(", ")}.`);
  const config = readConfig();
  await startReports(config, role);
  if (role !== "migrate") await needFreePort(config.PORT);
  // What a sandbox makes for itself (database, secrets, log, local Stripe) lives there; production keeps nothing on disk.
  if (!config.production) undo.push(takeDataFolder(config.dataDir));
  const databaseUrl = await findDatabase(config);
  // At somebody's desk the terminal stays readable; in production the log is standard output.
  const logFile = join(config.dataDir, "charlie.log");
  const lines = config.production ? undefined : destination({ dest: logFile, mkdir: true });
  const telemetry = role === "migrate" ? null : await findTelemetry(config, role);
  const log = makeLog(config.LOG_LEVEL, lines, (error, about) => {
    reports?.report(error, about);
    telemetry?.error(typeof about["job"] === "string" ? about["job"] : undefined);
  });
  // In production the migration is a step of its own in a deploy; elsewhere it happens by itself.
  if (role === "migrate" || !config.production) {
    const ran = await migrate(databaseUrl);
    if (ran.length > 0) log.info({ ran }, "migrated");
  }
  if (role === "migrate") return;

  const publicUrl = config.PUBLIC_URL ?? `http://localhost:${config.PORT}`;
  const db = openDatabase(databaseUrl, {
    onError: (error) => log.warn({ err: error }, "an idle database connection broke"),
  });
  undo.push(() => db.close());
  telemetry?.watchPools(db);
  // Numbers about the whole service are told once, by whoever works through the queue.
  if (role !== "web") await telemetry?.watchService(() => serviceGauges(db, vitalPlace(config)));
  const secrets = findSecrets(config);
  const stripe = await findStripe(config, { publicUrl, secret: secrets.auth, log });
  // Where Clerk signs people in, nobody can sign in to an account that Clerk does not know.
  const demo = config.production || config.CLERK_SECRET_KEY !== undefined ? null : demoAccount;
  const mailSender = findMailSender(config);
  const app = await buildApp({ config, publicUrl, secrets, db, stripe, mailSender, demo, log, telemetry });
  const worker = role === "web" ? null : await startWorker(db, app.jobs, log);
  // Last: readiness goes off before anything is waited for.
  undo.push(() => worker?.stop());
  undo.push(() => app.shutDown(endingTimes(config)));
  if (demo && app.auth) await ensureDemo(db, app.auth);
  await app.fastify.listen({ port: config.PORT, host: config.HOST ?? (config.production ? "0.0.0.0" : "localhost") });
  if (worker) void beWatched(config, log);
  if (!config.production) process.stdout.write(`${welcome(publicUrl, logFile, stripe, demo)}\n`);
}

/** Sees to it that UptimeRobot watches, where its key is set. That it cannot is worth a line, and no reason not to start. */
async function beWatched({ UPTIMEROBOT_API_KEY: apiKey, UPTIMEROBOT_BASE_URL: baseUrl, PUBLIC_URL }: Config, log: Log) {
  if (apiKey === undefined || PUBLIC_URL === undefined) return;
  const { ensureMonitor } = await import("./integrations/uptimerobot/index.ts");
  await ensureMonitor({ apiKey, baseUrl }, PUBLIC_URL).then(
    (monitor) => log.info({ monitor }, "UptimeRobot watches /health"),
    (error: unknown) => log.warn({ err: error }, "UptimeRobot could not be asked to watch"),
  );
}

/** A Ctrl-C is somebody who waits. In production nginx or Kubernetes has to see first that no more may be sent here. */
function endingTimes({ production, SHUTDOWN_SECONDS }: Config): { lingerMs: number; ms: number } {
  if (stopping?.why === "SIGINT") return { lingerMs: 0, ms: 2_000 };
  return { lingerMs: production ? 5_000 : 0, ms: SHUTDOWN_SECONDS * 1_000 };
}

/** A terminal sends Ctrl-C to npm and to us, and npm passes its own on: signals this close together are one, in ms. */
const onePressMs = 500;

let stopping: { why: NodeJS.Signals | "failure"; since: number } | null = null;

/** Undoes all that was started, once. Asked again while it waits, it ends at once. */
async function stop(why: NodeJS.Signals | "failure", code: number): Promise<void> {
  if (stopping !== null) {
    if (Date.now() - stopping.since < onePressMs) return;
    endAtOnce();
    process.exit(1);
  }
  stopping = { why, since: Date.now() };
  // Half-way through a start, what it is just starting could not be ended yet.
  await started.catch(() => {});
  for (const step of undo.toReversed()) {
    try {
      await step();
    } catch (error) {
      process.stderr.write(`While stopping: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void stop(signal, 0));

const role = process.argv[2] ?? "all";
const started = start(role);
try {
  await started;
  if (role === "migrate") await stop("SIGTERM", 0);
} catch (error) {
  // Asked to end half-way through the start, what fails then is of no interest.
  if (stopping === null) {
    const known = error instanceof StartError || error instanceof ConfigError;
    process.stderr.write(known ? `${error.message}\n` : `${error instanceof Error ? error.stack : String(error)}\n`);
    if (!known) reports?.report(error, {});
    await stop("failure", 1);
  }
}
