/**
 * `npm run setup`: asks for what only a person can know, makes the rest, checks each answer against the real service, and
 * writes deploy/.env.production (mode 600). Ended at any time it keeps what was given, and the next run goes on. Without a
 * terminal it takes the answers from the environment. Ends with 0 where nothing is missing, with 1 else.
 */
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { openEnvFile } from "./setup/env-file.ts";
import { setUpEverything } from "./setup/run.ts";
import { atTerminal } from "./setup/terminal.ts";

const usage = `npm run setup -- [--env-file deploy/.env.production] [--live] [--stripe http://127.0.0.1:3001]

  --env-file   where to write; what is in it already stays
  --live       makes objects in Stripe with a live key without asking
  --stripe     the local Stripe, or another server that speaks Stripe's protocol`;

function readOptions() {
  try {
    return parseArgs({
      options: {
        "env-file": { type: "string" },
        live: { type: "boolean", default: false },
        stripe: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return null;
  }
}

async function run(): Promise<number> {
  const options = readOptions();
  if (options === null) return 1;
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const stripe = options.stripe === undefined ? null : new URL(options.stripe);
  const file = openEnvFile(options["env-file"] ?? join(import.meta.dirname, "../deploy/.env.production"));
  const human = process.stdin.isTTY ? atTerminal() : null;
  const open = await setUpEverything({
    file,
    // What happens to be set in somebody's shell is no answer to a question that they are asked.
    given: human ? {} : process.env,
    human,
    live: options.live,
    surroundings: stripe ? { stripe: { host: stripe.hostname, port: Number(stripe.port || 80) } } : {},
    say: (words) => console.log(words),
  });
  human?.close();
  const where = relative(process.cwd(), file.path);
  if (open.length === 0) {
    console.log(`\nAll of it is in ${where}. Next: docs/operating.md, "Go live", from step 3 on.`);
    return 0;
  }
  console.log(`\nStill open: ${open.join(", ")}. What you gave is in ${where}; run this again to go on.`);
  return 1;
}

process.exitCode = await run();
