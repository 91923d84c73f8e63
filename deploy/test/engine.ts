import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

const answers = (): boolean => spawnSync("docker", ["info"], { stdio: "ignore" }).status === 0;

/** Whether a Docker engine can be had: one that answers, or one that DOCKER_HERE (or a tool beside the repository) starts. */
export function findEngine(): boolean {
  const tool = process.env["DOCKER_HERE"] ?? join(root, "../shared/tools/docker-here");
  if (existsSync(tool) && spawnSync(tool, { stdio: ["ignore", "ignore", "inherit"] }).status !== 0) return false;
  return answers();
}

export interface Ran {
  code: number;
  /** Both outputs, as they came. */
  output: string;
}

/** Runs a program to its end. Never throws; what it said is in `output`. */
export const run = (command: string, args: string[], env: Record<string, string> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
    child.once("error", (error) => resolve({ code: -1, output: error.message }));
    child.once("close", (code) => resolve({ code: code ?? -1, output }));
  });

/** Runs a program to its end. Throws with all it said where it fails. */
export async function must(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { code, output } = await run(command, args, env);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output}`);
  return output;
}
