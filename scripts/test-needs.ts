import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What the tests need beside npm's packages, and the Debian package that brings it. */
const needs = [
  { path: "/usr/bin/redis-server", debian: "redis-server" },
  { path: "/usr/bin/chromium", debian: "chromium" },
  { path: "/usr/bin/age", debian: "age" },
  { path: "/usr/bin/openssl", debian: "openssl" },
];

/** What `npm run test:deploy` needs beside a Docker engine. */
export const stackNeeds: typeof needs = [
  { path: "/usr/bin/openssl", debian: "openssl" },
  { path: "/usr/bin/pebble", debian: "pebble" },
  { path: "/usr/bin/testssl", debian: "testssl.sh" },
];

/** Installs on Debian as root what is missing. Elsewhere throws one line that names it. */
export function installTestNeeds(these = needs): void {
  const missing = these.filter(({ path }) => !existsSync(path));
  if (missing.length === 0) return;
  const names = missing.map(({ debian }) => debian).join(" ");
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) {
    throw new Error(
      `The tests need ${missing.map(({ path }) => path).join(" and ")}. On Debian: sudo apt-get install ${names}`,
    );
  }
  console.log(`Installing ${names} …`);
  const options = { encoding: "utf8", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
  spawnSync("apt-get", ["update", "-qq"], options);
  const installed = spawnSync(
    "apt-get",
    ["install", "-y", "-qq", "--no-install-recommends", ...missing.map(({ debian }) => debian)],
    options,
  );
  if (installed.status !== 0) throw new Error(`Installing ${names} failed:\n${installed.stderr}`);
}
