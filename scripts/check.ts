/** `npm run check`: types, lint, format, dead code, snapshots. Prints one line per check, and the output of those that fail. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const checks: [name: string, command: string][] = [
  ["types of contract", "tsc -p contract"],
  ["types of server", "tsc -p server"],
  ["types of web", "tsc -p web"],
  ["types of stripe-sandbox", "tsc -p stripe-sandbox"],
  ["types of scripts and end-to-end tests", "tsc -p ."],
  ["lint", "oxlint"],
  ["format", "oxfmt --check ."],
  ["dead code", "knip"],
  ["migrations", "squawk server/src/db/migrations/*.sql"],
  ["workflows", "node scripts/lint-workflows.ts"],
  ["schema and openapi snapshots", "node scripts/snapshots.ts --check"],
];

let failed = 0;
for (const [name, command] of checks) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, {
    cwd: root,
    encoding: "utf8",
    shell: true,
    maxBuffer: 64 << 20,
  });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (status !== 0) {
    failed++;
    console.log(`${stdout}${stderr}`);
  }
}
if (failed > 0) {
  console.log(`${failed} of ${checks.length} checks failed`);
  process.exit(1);
}
