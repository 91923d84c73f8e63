/**
 * `npm test`: everything that needs no Docker engine. Units and the server in vitest, a few seeds of each fault (`npm run
 * faults` has more), the pages in Playwright; ends with the totals of all. With `-- --deploy` also `npm run test:deploy`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildWebWhenStale } from "./build-web.ts";
import { testDeploy } from "./on-stack.ts";
import { installTestNeeds } from "./test-needs.ts";

const root = join(import.meta.dirname, "..");
const results = join(root, "test-results");

interface Totals {
  passed: number;
  failed: number;
}

const readReport = (name: string): unknown => JSON.parse(readFileSync(join(results, name), "utf8"));

function run(command: string, env: Record<string, string> = {}): boolean {
  return spawnSync(command, { cwd: root, stdio: "inherit", shell: true, env: { ...process.env, ...env } }).status === 0;
}

const reporters = (name: string): string[] => [
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${join(results, name)}.json`,
];

function totalsOf(name: string, fine: boolean): Totals {
  const { numPassedTests, numFailedTests } = readReport(`${name}.json`) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  // A file that cannot even be loaded is a failure without a failed test.
  return { passed: numPassedTests, failed: numFailedTests || (fine ? 0 : 1) };
}

function vitest(name: string, options = "", env: Record<string, string> = {}): Totals {
  return totalsOf(name, run(`vitest run ${options} ${reporters(name).join(" ")}`, env));
}

async function deploy(): Promise<Totals> {
  try {
    const fine = (await testDeploy(reporters("deploy"))) === 0;
    // It was skipped, aloud, where there is no report and all is well.
    return fine && !existsSync(join(results, "deploy.json")) ? { passed: 0, failed: 0 } : totalsOf("deploy", fine);
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1 };
  }
}

function playwright(): Totals {
  const fine = run("playwright test");
  const { stats } = readReport("playwright.json") as { stats: { expected: number; unexpected: number; flaky: number } };
  const failed = stats.unexpected + stats.flaky;
  return { passed: stats.expected, failed: failed || (fine ? 0 : 1) };
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results);
installTestNeeds();
buildWebWhenStale();
const totals = [
  vitest("vitest"),
  vitest("faults", "--config faults/vitest.config.ts", { FAULT_SEEDS: "2" }),
  playwright(),
  ...(process.argv.includes("--deploy") ? [await deploy()] : []),
];
const passed = totals.reduce((sum, { passed: count }) => sum + count, 0);
const failed = totals.reduce((sum, { failed: count }) => sum + count, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
