import type { LaunchCheck } from "@charlie/contract";
import { isReady, launchChecks, runChecks } from "../../server/src/features/launch/index.ts";
import { isLiveKey } from "../../server/src/integrations/stripe/index.ts";
import { inspectEach } from "../../server/src/settings.ts";
import type { EnvFile } from "./env-file.ts";
import { makeBackupKeys, makeSecrets, makeStripeObjects } from "./make.ts";
import { steps, type Name, type Question, type Step } from "./steps.ts";
import type { Human } from "./terminal.ts";

type Surroundings = NonNullable<Parameters<typeof runChecks>[2]>;

export interface SetUp {
  file: EnvFile;
  /** Answers that were given beforehand, by name. */
  given: Readonly<Record<string, string | undefined>>;
  /** Who is asked for the others; `null`: nobody. */
  human: Human | null;
  /** May objects be made in Stripe with a live key without asking? */
  live: boolean;
  surroundings: Surroundings;
  say: (words: string) => void;
}

/** The settings as they are in the file, all as production wants them. */
const inFile = ({ file }: SetUp) => inspectEach(Object.fromEntries(file.values));

/** What is wrong with an answer by its form; `undefined` where nothing is. */
const faultOf = (name: Name, value: string): string | undefined => inspectEach({ [name]: value }).faults.get(name);

/** Keeps an answer. Says why where it cannot be one, and returns whether it was kept. */
function keep(setUp: SetUp, name: Name, answer: string): boolean {
  // A PEM may stand on one line.
  const value = name === "CLERK_JWT_KEY" ? answer.replaceAll(/\r?\n/g, "\\n") : answer;
  const fault = faultOf(name, value);
  if (fault === undefined) {
    try {
      setUp.file.set(name, value);
      return true;
    } catch (error) {
      setUp.say(`  ${name} was not kept: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }
  setUp.say(`  ${name} ${fault}`);
  return false;
}

/** Whether the file says all there is to say about a question; left out is said too. */
function isAnswered(setUp: SetUp, { name, optional }: Question): boolean {
  const value = setUp.file.values.get(name);
  if (value === undefined) return false;
  return value === "" ? optional === true : faultOf(name, value) === undefined;
}

/** Whether there is any sense in it: what it belongs to was not left out. */
const isWanted = ({ file }: SetUp, { with: other }: Question): boolean =>
  other === undefined || Boolean(file.values.get(other));

async function askFor(setUp: SetUp, question: Question): Promise<void> {
  const { name, words, optional, secret } = question;
  const given = setUp.given[name]?.trim();
  if (given && keep(setUp, name, given)) return;
  if (setUp.human === null) return;
  for (;;) {
    const answer = await setUp.human.ask(`${words}${optional ? " (Enter: leave it out)" : ""}`, secret);
    if (answer === "" && !optional) continue;
    if (answer === "") setUp.file.set(name, "");
    if (answer === "" || keep(setUp, name, answer)) return;
  }
}

/** What follows from answers, where it is not there yet. */
function derive({ file }: SetUp): void {
  const domain = file.values.get("DOMAIN");
  if (domain && !file.values.get("PUBLIC_URL")) file.set("PUBLIC_URL", `https://${domain}`);
}

/** Names that may be left out. */
const optionals = new Set(
  steps.flatMap(({ questions }) => questions.filter(({ optional }) => optional).map(({ name }) => name)),
);

/** Runs those of the checks that have something to look at: what is wholly absent is left out, or asked for anyway. */
async function look(setUp: SetUp, ids: readonly string[]): Promise<LaunchCheck[]> {
  const isSet = (name: Name): boolean => Boolean(setUp.file.values.get(name));
  const checks = launchChecks.filter(({ id, variables }) => {
    const absent = variables.filter((name) => !isSet(name));
    const half = absent.length < variables.length && absent.every((name) => optionals.has(name));
    return ids.includes(id) && (absent.length === 0 || half);
  });
  return runChecks(checks, inFile(setUp), setUp.surroundings);
}

const signs: Record<LaunchCheck["state"], string> = { ok: "✓", failed: "✗", missing: "✗", unused: "–" };

function tell(setUp: SetUp, results: readonly LaunchCheck[]): void {
  for (const { state, looksAt, found, todo } of results) {
    setUp.say(`  ${signs[state]} ${looksAt}: ${found}`);
    if (todo !== null) setUp.say(`    → ${todo}`);
  }
}

/** Makes Stripe's objects where the settings do not name them yet; asks first where real customers would see them. */
async function stripeObjects(setUp: SetUp): Promise<void> {
  const { file, human } = setUp;
  const [secretKey, publicUrl] = [file.values.get("STRIPE_SECRET_KEY"), file.values.get("PUBLIC_URL")];
  const wanted = ["STRIPE_PRO_PRICE_ID", "STRIPE_TEAM_PRICE_ID", "STRIPE_WEBHOOK_SECRET"] as const;
  if (!secretKey || !publicUrl || wanted.every((name) => file.values.get(name))) return;
  if (isLiveKey(secretKey) && !setUp.live) {
    const answer = human && (await human.ask("  Make products, prices, portal and webhook in LIVE mode now? (yes/no)"));
    if (answer !== "yes") {
      setUp.say("  Nothing was made in Stripe. npm run stripe:setup -- --live --apply does it.");
      return;
    }
  }
  try {
    const made = await makeStripeObjects({
      secretKey,
      publicUrl,
      server: setUp.surroundings.stripe,
      apply: true,
      tell: ({ how, what }) => setUp.say(`  ${how} ${what}`),
    });
    for (const [name, value] of made) if (!file.values.get(name)) file.set(name, value);
  } catch (error) {
    setUp.say(`  ✗ ${error instanceof Error ? error.message : String(error)}`);
  }
  // Stripe tells it once, when the endpoint is made: of one that was there before, a person has to fetch it.
  if (!file.values.get("STRIPE_WEBHOOK_SECRET")) {
    const words = "The webhook's signing secret (Stripe's dashboard: Developers, Webhooks, this endpoint): whsec_…";
    await askFor(setUp, { name: "STRIPE_WEBHOOK_SECRET", words, secret: true });
  }
}

const stripeChecks = ["stripe.modes", "stripe.prices", "stripe.catalogue", "stripe.portal", "stripe.webhook"];

/** Asks, checks, and asks again until all is well or the person goes on without. Returns whether all is well. */
async function takeStep(setUp: SetUp, step: Step): Promise<boolean> {
  const open = step.questions.filter((question) => !isAnswered(setUp, question));
  setUp.say(`\n${step.title} (${steps.indexOf(step) + 1} of ${steps.length})`);
  if (step.about !== undefined && open.some((question) => isWanted(setUp, question))) setUp.say(`  ${step.about}`);
  for (const question of open)
    if (isWanted(setUp, question) || setUp.given[question.name]) await askFor(setUp, question);
  for (;;) {
    derive(setUp);
    const payments = step.checks.includes("stripe.account");
    if (payments) await stripeObjects(setUp);
    const results = await look(setUp, [...step.checks, ...(payments ? stripeChecks : [])]);
    tell(setUp, results);
    tell(setUp, await look(setUp, step.later ?? []));
    const well = isReady(results);
    if (setUp.human === null || well) return well;
    const answer = await setUp.human.ask("  Enter: look again · c: change the answers · g: go on for now");
    if (answer === "g") return false;
    if (answer === "c") await change(setUp, step.questions);
  }
}

/** Asks for each once more; Enter keeps what is there. */
async function change(setUp: SetUp, questions: readonly Question[]): Promise<void> {
  for (const question of questions) {
    if (!isWanted(setUp, question)) continue;
    const { name, words, secret } = question;
    const now = setUp.file.values.get(name) ?? "";
    const shown = secret && now !== "" ? `…${now.slice(-4)}` : now;
    const answer = (await setUp.human?.ask(`${words} (Enter: keep ${shown || "it left out"})`, secret)) ?? "";
    if (answer !== "") keep(setUp, name, answer);
  }
}

/**
 * Goes through all steps. What the file holds already stays, whatever was given beforehand; only what is missing or wrong
 * is asked for. Returns what is still open: the names of variables, and of steps whose checks found something.
 */
export async function setUpEverything(setUp: SetUp): Promise<string[]> {
  const { file, say } = setUp;
  const made = makeSecrets(file);
  if (made.length > 0) say(`Made and kept in ${file.path}: ${made.join(", ")}.`);
  const unwell: string[] = [];
  for (const step of steps) if (!(await takeStep(setUp, step))) unwell.push(step.title);
  const identity = await makeBackupKeys(file);
  if (identity !== null) {
    say(
      [
        "",
        "The key that opens your backups. It is shown this once and kept nowhere on this server:",
        "",
        `  ${identity}`,
        "",
        "Put it into your password manager now. Without it no backup can be restored.",
      ].join("\n"),
    );
    await setUp.human?.ask("  Enter: it is in a safe place");
  }
  const { faults } = inFile(setUp);
  const missing = steps
    .flatMap(({ questions }) => questions)
    .filter(({ name, optional }) => !optional && !file.values.get(name));
  const prices = ["STRIPE_PRO_PRICE_ID", "STRIPE_TEAM_PRICE_ID", "STRIPE_WEBHOOK_SECRET"].filter(
    (name) => !file.values.get(name),
  );
  return [...new Set([...missing.map(({ name }) => name), ...prices, ...faults.keys(), ...unwell])];
}
