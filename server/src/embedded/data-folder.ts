import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { StartError } from "./start-error.ts";

const holdsIt = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = `/proc/${pid}/cmdline`;
  // Process ids are used again; where the system tells, make sure that it is one of us.
  return !existsSync(commandLine) || readFileSync(commandLine, "utf8").includes("node");
};

/**
 * Makes the data folder and takes it for this process; the returned function gives it back.
 * Throws a StartError where it cannot be written or another running process has it. A killed owner does not count.
 */
export function takeDataFolder(folder: string): () => void {
  const lock = join(folder, "charlie.pid");
  try {
    // The last step without `recursive`, which never returns where a file system (/proc) takes no folders.
    mkdirSync(dirname(folder), { recursive: true });
    if (!existsSync(folder)) mkdirSync(folder);
    const owner = existsSync(lock) ? Number(readFileSync(lock, "utf8")) : 0;
    if (owner > 0 && owner !== process.pid && holdsIt(owner)) {
      throw new StartError(
        `Teach Charlie already runs on ${folder} (process ${owner}). Stop it first, or set CHARLIE_DATA_DIR to another folder.`,
      );
    }
    writeFileSync(lock, String(process.pid));
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `The folder ${folder} cannot be written. Make it writable, or set CHARLIE_DATA_DIR to another one.`,
    );
  }
  return () => rmSync(lock, { force: true });
}
