import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * PostgreSQL's programs as the machine of a developer rarely has them in the right version: these tell a version and
 * print or swallow bytes. What they stand in for is tried for real in deploy/test/backup.test.ts. Returns their folder.
 */
export function standInPrograms({ version = 17, dump = "head -c 300000 /dev/zero", restore = "cat" } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "charlie-programs-"));
  const work = { pg_dump: dump, pg_dumpall: "echo 'CREATE ROLE charlie_app;'", pg_restore: restore, psql: "cat" };
  for (const [name, does] of Object.entries(work)) {
    const path = join(folder, name);
    writeFileSync(
      path,
      `#!/bin/sh\ncase "$*" in --version) echo "${name} (PostgreSQL) ${version}.11" ;; *) ${does} ;; esac\n`,
    );
    chmodSync(path, 0o755);
  }
  return folder;
}
