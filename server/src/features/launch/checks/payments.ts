import { plans, priceCents, receiveStripeEvent } from "@charlie/contract";
import {
  isLiveKey,
  isMissing,
  makeStripe,
  targetOf,
  SetUpError,
  setUpCatalogue,
  setUpWebhook,
  stripeComplaint,
  type Change,
} from "../../../integrations/stripe/index.ts";
import type { Settings } from "../../../settings.ts";
import { workedEvents } from "../../billing/index.ts";
import { check, type World, Wrong } from "./check.ts";

const makeThem = "Run npm run stripe:setup, look at what it would change, then again with -- --apply.";

const stripeOf = ({ STRIPE_SECRET_KEY, STRIPE_API_URL }: Settings & { STRIPE_SECRET_KEY: string }, { stripe }: World) =>
  makeStripe(
    stripe
      ? { secretKey: STRIPE_SECRET_KEY, server: stripe }
      : targetOf({ secretKey: STRIPE_SECRET_KEY, address: STRIPE_API_URL }),
  );

/** Asks Stripe, and says what it complains about. */
async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Wrong) throw error;
    const complaint = error instanceof SetUpError ? error.message : stripeComplaint(error);
    if (complaint === null) throw error;
    throw new Wrong(complaint, "Then check again.", error);
  }
}

const modeWords = (live: boolean): string => (live ? "live mode" : "test mode: no real money moves yet");

/** The dry run that `npm run stripe:setup` makes, once for all checks of a run. */
const dryRuns = new WeakMap<Settings, Promise<Change[]>>();
function dryRun(settings: Settings & { STRIPE_SECRET_KEY: string; PUBLIC_URL: string }, world: World) {
  const known = dryRuns.get(settings);
  if (known) return known;
  const changes: Change[] = [];
  const work = { stripe: stripeOf(settings, world), apply: false, tell: (each: Change) => void changes.push(each) };
  const run = asking(async () => {
    await setUpCatalogue(work, { plans, publicUrl: settings.PUBLIC_URL });
    const url = `${settings.PUBLIC_URL}${receiveStripeEvent.path}`;
    await setUpWebhook(work, { url, events: workedEvents });
    return changes;
  });
  dryRuns.set(settings, run);
  return run;
}

/** Throws where the dry run would change something of this kind. */
function needUnchanged(changes: readonly Change[], kind: RegExp): void {
  const found = changes.filter(({ what }) => kind.test(what));
  if (found.length === 0) return;
  throw new Wrong(found.map(({ how, what, details }) => `${how} ${what} (${details.join("; ")})`).join("\n"), makeThem);
}

const account = check({
  id: "stripe.account",
  group: "payments",
  looksAt: "Stripe knows the secret key",
  variables: ["STRIPE_SECRET_KEY"],
  reads: ["STRIPE_API_URL"],
  run: (settings, world) =>
    asking(async () => {
      const elsewhere = settings.STRIPE_API_URL;
      if (elsewhere !== undefined && isLiveKey(settings.STRIPE_SECRET_KEY))
        throw new Wrong(
          `STRIPE_API_URL leads a live key to ${elsewhere} instead of Stripe`,
          "Take STRIPE_API_URL out of the settings.",
        );
      const { id, charges_enabled: charges } = await stripeOf(settings, world).accounts.retrieveCurrent();
      const live = isLiveKey(settings.STRIPE_SECRET_KEY);
      if (live && !charges)
        throw new Wrong(
          `account ${id} may not take payments yet`,
          "Finish the account's activation in Stripe's dashboard.",
        );
      const where = elsewhere === undefined ? "" : `; asked at ${elsewhere} (STRIPE_API_URL), not at Stripe`;
      return `account ${id}, ${modeWords(live)}${where}`;
    }),
});

const modes = check({
  id: "stripe.modes",
  group: "payments",
  looksAt: "All of Stripe's keys, prices and endpoints are of the same mode, live or test",
  variables: ["STRIPE_SECRET_KEY", "STRIPE_PRO_PRICE_ID", "STRIPE_TEAM_PRICE_ID", "PUBLIC_URL"],
  reads: ["STRIPE_PUBLISHABLE_KEY"],
  run: (settings, world) =>
    asking(async () => {
      const stripe = stripeOf(settings, world);
      const live = isLiveKey(settings.STRIPE_SECRET_KEY);
      const { STRIPE_PUBLISHABLE_KEY: publishable, PUBLIC_URL: publicUrl } = settings;
      const url = `${publicUrl}${receiveStripeEvent.path}`;
      const [pro, team, endpoints] = await Promise.all([
        stripe.prices.retrieve(settings.STRIPE_PRO_PRICE_ID),
        stripe.prices.retrieve(settings.STRIPE_TEAM_PRICE_ID),
        stripe.webhookEndpoints.list({ limit: 100 }),
      ]);
      const endpoint = endpoints.data.find((each) => each.url === url);
      const others = [
        ...(publishable !== undefined && isLiveKey(publishable) !== live ? ["STRIPE_PUBLISHABLE_KEY"] : []),
        ...(pro.livemode === live ? [] : ["STRIPE_PRO_PRICE_ID"]),
        ...(team.livemode === live ? [] : ["STRIPE_TEAM_PRICE_ID"]),
        ...(endpoint && endpoint.livemode !== live ? ["the webhook endpoint"] : []),
      ];
      if (others.length === 0) return modeWords(live);
      const mode = live ? "live" : "test";
      throw new Wrong(
        `STRIPE_SECRET_KEY is of ${mode} mode, but not ${others.join(", ")}`,
        `Take all of them from ${mode} mode in Stripe's dashboard.`,
      );
    }),
});

const prices = check({
  id: "stripe.prices",
  group: "payments",
  looksAt: "Pro and Team are sold at the prices of the plan catalogue",
  variables: ["STRIPE_SECRET_KEY", "STRIPE_PRO_PRICE_ID", "STRIPE_TEAM_PRICE_ID"],
  run: (settings, world) =>
    asking(async () => {
      const stripe = stripeOf(settings, world);
      const sold = [
        { name: "STRIPE_PRO_PRICE_ID", id: settings.STRIPE_PRO_PRICE_ID, plan: "pro" },
        { name: "STRIPE_TEAM_PRICE_ID", id: settings.STRIPE_TEAM_PRICE_ID, plan: "team" },
      ];
      const found = await Promise.all(
        sold.map(async ({ name, id, plan: planId }) => {
          const plan = plans.find((each) => each.id === planId);
          const wanted = `${plan?.monthlyCents ?? 0} usd month`;
          const price = await stripe.prices.retrieve(id).catch((error: unknown) => {
            if (isMissing(error)) throw new Wrong(`Stripe has no price ${id} (${name})`, makeThem, error);
            throw error;
          });
          const is = `${price.unit_amount} ${price.currency} ${price.recurring?.interval}`;
          if (!price.active) throw new Wrong(`${name} names an archived price`, makeThem);
          if (is !== wanted) throw new Wrong(`${name} is ${is} (cents), and the catalogue has ${wanted}`, makeThem);
          return `${plan?.name} $${((plan ? priceCents(plan, "month") : 0) / 100).toFixed(2)}`;
        }),
      );
      return `${found.join(", ")} a month`;
    }),
});

const catalogue = check({
  id: "stripe.catalogue",
  group: "payments",
  looksAt: "Stripe's products, yearly prices and the meter of AI usage are like the plan catalogue",
  variables: ["STRIPE_SECRET_KEY", "PUBLIC_URL"],
  run: async (settings, world) => {
    needUnchanged(await dryRun(settings, world), /^(product|price|meter) /);
    return "nothing differs";
  },
});

const portal = check({
  id: "stripe.portal",
  group: "payments",
  looksAt: "Stripe's customer portal is set up as the billing page expects it",
  variables: ["STRIPE_SECRET_KEY", "PUBLIC_URL"],
  run: async (settings, world) => {
    needUnchanged(await dryRun(settings, world), /^portal /);
    return "nothing differs";
  },
});

const webhook = check({
  id: "stripe.webhook",
  group: "payments",
  looksAt: "Stripe sends its events here, all that are needed, and its signature can be checked",
  variables: ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "PUBLIC_URL"],
  run: async (settings, world) => {
    needUnchanged(await dryRun(settings, world), /^webhook endpoint /);
    return `${workedEvents.length} kinds of events, to ${settings.PUBLIC_URL}${receiveStripeEvent.path}`;
  },
});

export const paymentChecks = [account, modes, prices, catalogue, portal, webhook];
