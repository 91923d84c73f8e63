// A server process that reports one workspace's AI usage, to be killed in the middle of it.
import { plans } from "@charlie/contract";
import { openDatabase } from "../src/db/client.ts";
import { makeBillingServices } from "../src/features/billing/index.ts";
import { reportUsage } from "../src/features/billing/report-usage.ts";
import { findCatalogue } from "../src/integrations/stripe/catalogue.ts";
import { makeStripe } from "../src/integrations/stripe/index.ts";
import { makeLog } from "../src/log.ts";

const [databaseUrl = "", port = "", workspaceId = "", aheadMs = "0"] = process.argv.slice(2);
const stripe = makeStripe({ secretKey: "sk_test_local", server: { host: "127.0.0.1", port: Number(port) } });
const db = openDatabase(databaseUrl);
const services = makeBillingServices({
  stripe,
  catalogue: () => findCatalogue(stripe, plans, {}),
  webhookSecrets: [],
  customerUrl: (customer) => customer,
  now: () => new Date(Date.now() + Number(aheadMs)),
  db,
  publicUrl: "http://localhost",
  graceDays: 7,
  tax: false,
  log: makeLog("silent"),
});
await reportUsage(services, workspaceId);
await db.close();
