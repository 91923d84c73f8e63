/**
 * `npm run doctor`: looks at every setting and asks every outside service whether it would do what is needed, changing
 * nothing but a test event here and there. Ends with 0 where nothing stands in the way of taking money, with 1 where
 * something failed or is missing, with 2 where it could not look at all.
 */
import { readFileSync } from "node:fs";
import { parseArgs, parseEnv, styleText } from "node:util";
import { type LaunchCheck, launchGroupNames } from "@charlie/contract";
import { openDatabase } from "../server/src/db/client.ts";
import { isReady, launchChecks, recordChecks, runChecks } from "../server/src/features/launch/index.ts";
import { inspectEach } from "../server/src/settings.ts";

const usage = `npm run doctor -- [--json] [--env-file .env.production] [--stripe http://127.0.0.1:3001]

  (nothing)    looks at the variables of this environment
  --env-file   at those of a file; what is not in it is taken from the environment
  --json       for programs
  --stripe     the local Stripe, or another server that speaks Stripe's protocol`;

/** What the person at the terminal has to know; nothing was looked at. */
class Refusal extends Error {}

const signs: Record<LaunchCheck["state"], { label: string; colour: "green" | "red" | "yellow" | "gray" }> = {
  ok: { label: "ok", colour: "green" },
  failed: { label: "FAILED", colour: "red" },
  missing: { label: "MISSING", colour: "yellow" },
  unused: { label: "not used", colour: "gray" },
};

function readOptions() {
  try {
    return parseArgs({
      options: {
        json: { type: "boolean", default: false },
        "env-file": { type: "string" },
        stripe: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
}

function readEnvironment(file: string | undefined): Record<string, string | undefined> {
  if (file === undefined) return process.env;
  try {
    return { ...process.env, ...parseEnv(readFileSync(file, "utf8")) };
  } catch (error) {
    throw new Refusal(`${file} cannot be read. npm run setup writes it.`, { cause: error });
  }
}

function readServer(address: string | undefined) {
  if (address === undefined) return {};
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== "http:") throw new Refusal("--stripe takes an address like http://127.0.0.1:3001");
  return { stripe: { host: url.hostname, port: Number(url.port || 80) } };
}

const indent = " ".repeat(11);
const indented = (text: string): string => text.replaceAll("\n", `\n${indent}  `);

function toldOf({ state, looksAt, found, todo }: LaunchCheck): string {
  const { label, colour } = signs[state];
  const lines = [`  ${styleText(colour, label.padEnd(8))} ${looksAt}`, `${indent}${styleText("dim", indented(found))}`];
  if (todo !== null) lines.push(`${indent}→ ${indented(todo)}`);
  return lines.join("\n");
}

function told(checks: readonly LaunchCheck[]): string {
  const parts = Object.entries(launchGroupNames).flatMap(([group, title]) => {
    const mine = checks.filter((check) => check.group === group);
    return mine.length === 0 ? [] : [`${styleText("bold", title)}\n${mine.map(toldOf).join("\n")}`];
  });
  const count = (state: LaunchCheck["state"]): number => checks.filter((check) => check.state === state).length;
  const sum = `${count("ok")} ok, ${count("failed")} failed, ${count("missing")} missing, ${count("unused")} not used`;
  const end = isReady(checks) ? "Ready to launch." : "Not ready to launch yet.";
  return [...parts, `${end} ${sum}.`].join("\n\n");
}

/** So that the launch page shows it too. A database that cannot take it has its own line in the table. */
async function record(url: string, checks: LaunchCheck[], startedAt: Date): Promise<void> {
  const db = openDatabase(url, { max: 1, onError: () => {} });
  await recordChecks(db, checks, startedAt).catch(() => {});
  await db.close();
}

async function run(): Promise<number> {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const examined = inspectEach(readEnvironment(options["env-file"]));
  const startedAt = new Date();
  const checks = await runChecks(launchChecks, examined, readServer(options.stripe));
  const { DATABASE_URL } = examined.settings;
  if (DATABASE_URL !== undefined) await record(DATABASE_URL, checks, startedAt);
  const ready = isReady(checks);
  console.log(options.json ? JSON.stringify({ ready, at: startedAt.toISOString(), checks }, null, 2) : told(checks));
  return ready ? 0 : 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error);
  process.exitCode = 2;
}
