import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const stamp = join(root, "web/dist/built-from");

/** One hash over everything that the web pages are built from. */
function sources(): string {
  const files = globSync(
    [
      "web/src/**/*",
      "web/public/**/*",
      "web/*.{ts,html,json}",
      "web/scripts/*",
      "contract/src/**/*",
      "package-lock.json",
    ],
    {
      cwd: root,
      withFileTypes: true,
    },
  ).filter((entry) => entry.isFile());
  const hash = createHash("sha256");
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).toSorted()) {
    // The router's generated tree is written by the build itself.
    if (!path.endsWith(".gen.ts")) hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Builds the web pages where what they are built from changed since. Throws when the build fails. */
export function buildWebWhenStale(): void {
  const now = sources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  process.stdout.write("Building the pages …\n");
  const built = spawnSync("npm", ["run", "build", "--silent", "-w", "web"], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (built.status !== 0) throw new Error(`The pages could not be built:\n${built.stdout}${built.stderr}`);
  mkdirSync(join(stamp, ".."), { recursive: true });
  writeFileSync(stamp, now);
}
