/**
 * `npm run stripe:setup`: brings a Stripe account's products, prices, portal and webhook endpoint in line with the plan
 * catalogue. Without `--apply` it only tells what it would do. Ends with 0 where all is well or was done, 1 where
 * something is wrong, 2 where `--check` found a difference.
 */
import { parseArgs } from "node:util";
import { plans, receiveStripeEvent } from "@charlie/contract";
import { ConfigError, readStripeSetUp } from "../server/src/config.ts";
import { workedEvents } from "../server/src/features/billing/event-kinds.ts";
import {
  isLiveKey,
  makeStripe,
  targetOf,
  SetUpError,
  setUpCatalogue,
  setUpWebhook,
  stripeComplaint,
  type Catalogue,
  type Change,
  type WebhookSetUp,
} from "../server/src/integrations/stripe/index.ts";

/** What the person at the terminal has to know; nothing was done. */
class Refusal extends Error {}

const usage = `npm run stripe:setup -- [--apply | --check] [--live] [--server http://127.0.0.1:3001]

  (nothing)   tells what differs from the plan catalogue and changes nothing
  --apply     makes and changes what differs
  --check     like nothing, and ends with 2 where something differs
  --live      is needed with a live key
  --server    the local Stripe, or another server that speaks Stripe's protocol; no key is sent there

  STRIPE_SECRET_KEY  from Stripe's dashboard: Developers, API keys
  PUBLIC_URL         the address people type, e.g. https://charlie.example.org`;

type Settings = ReturnType<typeof readStripeSetUp>;

interface Order {
  settings: Settings;
  apply: boolean;
  check: boolean;
  key: string;
  server: { host: string; port: number } | null;
  publicUrl: string;
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        apply: { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        live: { type: "boolean", default: false },
        server: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
}

function readServer(address: string | undefined): Order["server"] {
  if (address === undefined) return null;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== "http:") throw new Refusal("--server takes an address like http://127.0.0.1:3001");
  return { host: url.hostname, port: Number(url.port || 80) };
}

/** Everything that can be refused before Stripe is asked anything. */
function readOrder(options: ReturnType<typeof readOptions>): Order {
  if (options.apply && options.check)
    throw new Refusal("--apply changes, --check never does: please take one of them.");
  const settings = readStripeSetUp();
  const server = readServer(options.server);
  const local = `http://localhost:${settings.PORT}`;
  const common = { settings, apply: options.apply, check: options.check, server };
  if (server) return { ...common, key: "sk_test_local", publicUrl: settings.PUBLIC_URL ?? local };

  const { STRIPE_SECRET_KEY: key, PUBLIC_URL: publicUrl } = settings;
  if (key === undefined) throw new Refusal(`STRIPE_SECRET_KEY is not set.\n\n${usage}`);
  if (publicUrl === undefined)
    throw new Refusal(`PUBLIC_URL is not set: Stripe has to know where to send events.\n\n${usage}`);
  const { hostname, protocol } = new URL(publicUrl);
  if (/^(localhost|127\.|0\.0\.0\.0|\[::1\])/.test(hostname))
    throw new Refusal(
      `PUBLIC_URL is ${publicUrl}: Stripe cannot send events to this machine only. For the local Stripe that npm start brings: npm run stripe:setup -- --server http://127.0.0.1:${settings.PORT + 1}`,
    );
  const isLive = isLiveKey(key);
  if (isLive && !options.live)
    throw new Refusal(
      "STRIPE_SECRET_KEY is a live key: real customers see what is changed. If you mean it, add --live.",
    );
  if (!isLive && options.live) throw new Refusal("--live is for a live key; STRIPE_SECRET_KEY is one of test mode.");
  if (isLive && settings.STRIPE_API_URL !== undefined)
    throw new Refusal("A live key is told to Stripe alone: take STRIPE_API_URL out of the settings.");
  if (isLive && protocol !== "https:") throw new Refusal("PUBLIC_URL must start with https:// in live mode.");
  return { ...common, key, publicUrl };
}

const say = (...lines: string[]): void => console.log(lines.join("\n"));

const signs: Record<Change["how"], string> = { make: "+", change: "~", replace: "~", archive: "-" };
const tell = ({ how, what, details }: Change): void =>
  say(`  ${signs[how]} ${how} ${what}`, ...details.map((each) => `      ${each}`));

/** What the server has to be told of it. Says where a setting names something else. */
function saySettings({ settings }: Order, { prices }: Catalogue, { secret }: WebhookSetUp): void {
  const lines: [name: keyof Settings, value: string | null][] = [
    ["STRIPE_PRO_PRICE_ID", prices.pro.month],
    ["STRIPE_TEAM_PRICE_ID", prices.team.month],
    ["STRIPE_PRO_YEARLY_PRICE_ID", prices.pro.year],
    ["STRIPE_TEAM_YEARLY_PRICE_ID", prices.team.year],
  ];
  say("", "For the server's environment:", ...lines.map(([name, value]) => `  ${name}=${value}`));
  if (secret !== null) {
    say(`  STRIPE_WEBHOOK_SECRET=${secret}`, "", "The secret is shown this once; later it is in Stripe's dashboard.");
  } else if (settings.STRIPE_WEBHOOK_SECRET === undefined) {
    say("  STRIPE_WEBHOOK_SECRET=… (Stripe's dashboard: Developers, Webhooks, this endpoint, signing secret)");
  }
  for (const [name, value] of lines) {
    const set = settings[name];
    if (set !== undefined && set !== value)
      say("", `Note: ${name} is set to ${set}, and the server sells that one, not the catalogue's.`);
  }
}

/** The words that make what was told: the same Stripe again, and the same mode. */
const applyWords = ({ key, server }: Order): string =>
  ["--apply", isLiveKey(key) && "--live", server && `--server http://${server.host}:${server.port}`]
    .filter(Boolean)
    .join(" ");

async function setUp(order: Order): Promise<number> {
  const { key, server, settings } = order;
  const stripe = makeStripe(
    server ? { secretKey: key, server } : targetOf({ secretKey: key, address: settings.STRIPE_API_URL }),
  );
  const account = await stripe.accounts.retrieveCurrent();
  const elsewhere = settings.STRIPE_API_URL;
  const where = server
    ? `${server.host}:${server.port}`
    : `account ${account.id}, ${isLiveKey(key) ? "LIVE" : "test"} mode${elsewhere === undefined ? "" : `, asked at ${elsewhere}`}`;
  say(`Stripe at ${where}, for ${order.publicUrl}`);

  let count = 0;
  const counted = (change: Change): void => {
    count++;
    tell(change);
  };
  const work = { stripe, apply: order.apply, tell: counted };
  const catalogue = await setUpCatalogue(work, { plans, publicUrl: order.publicUrl });
  const url = `${order.publicUrl}${receiveStripeEvent.path}`;
  const webhook = await setUpWebhook(work, { url, events: workedEvents });

  if (count === 0) say("  Everything is as the catalogue has it; nothing was changed.");
  else if (order.apply) say("", `Done: ${count} ${count === 1 ? "change" : "changes"}.`);
  if (catalogue && (order.apply || count === 0)) saySettings(order, catalogue, webhook);
  for (const other of webhook.others)
    say(
      "",
      `Note: events also go to ${other}. If nothing listens there any more, delete that endpoint in Stripe's dashboard.`,
    );
  if (order.apply || count === 0) return 0;
  say("", `Nothing was changed. To make it so: npm run stripe:setup -- ${applyWords(order)}`);
  return order.check ? 2 : 0;
}

async function run(): Promise<number> {
  const options = readOptions();
  if (options.help) {
    say(usage);
    return 0;
  }
  const order = readOrder(options);
  try {
    return await setUp(order);
  } catch (error) {
    const complaint = error instanceof SetUpError ? error.message : stripeComplaint(error);
    if (complaint === null) throw error;
    const afterwards = order.apply ? "\nWhat was done before this stays; run it again to go on." : "";
    throw new Refusal(`${complaint.replaceAll(order.key, "the key")}${afterwards}`, { cause: error });
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  const known = error instanceof Refusal || error instanceof ConfigError;
  console.error(known ? error.message : error);
  process.exitCode = 1;
}
