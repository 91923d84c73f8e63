/**
 * A server of ours with a worker, in a process of its own, on a given local Stripe: `main.ts` would start one for each.
 * Arguments: port, port of the local Stripe, the webhook's secret. The rest comes from the environment as usual.
 */
import { plans } from "@charlie/contract";
import { buildApp } from "../server/src/app.ts";
import { readConfig } from "../server/src/config.ts";
import { openDatabase } from "../server/src/db/client.ts";
import { makeStripe, setUpCatalogue } from "../server/src/integrations/stripe/index.ts";
import { startWorker } from "../server/src/jobs/queue.ts";
import { makeLog } from "../server/src/log.ts";

const [port = "", stripePort = "", webhookSecret = ""] = process.argv.slice(2);
const config = readConfig({ ...process.env, NODE_ENV: "test", PORT: port, RATE_LIMIT_SCALE: "1000" });
const stripe = makeStripe({ secretKey: "sk_test_local", server: { host: "127.0.0.1", port: Number(stripePort) } });
const publicUrl = `http://127.0.0.1:${port}`;
// It was set up before; nothing is made here.
const catalogue = await setUpCatalogue({ stripe, apply: false, tell: () => {} }, { plans, publicUrl });
if (!catalogue) throw new Error("the local Stripe was not set up");
const log = makeLog("warn");
const db = openDatabase(config.DATABASE_URL ?? "");
const app = await buildApp({
  config,
  publicUrl,
  secrets: { auth: "of no use outside the bench", encryptionKey: Buffer.alloc(32, 7) },
  db,
  stripe: {
    stripe,
    catalogue: () => Promise.resolve(catalogue),
    webhookSecrets: [webhookSecret],
    now: () => new Date(),
    customerUrl: () => publicUrl,
  },
  mailSender: null,
  demo: null,
  log,
});
const worker = await startWorker(db, app.jobs, log);
async function stop(): Promise<void> {
  await worker.stop();
  await app.shutDown({ ms: 1_000 });
  await db.close();
}
process.once("SIGTERM", () => void stop());
await app.fastify.listen({ port: config.PORT, host: "127.0.0.1" });
