import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { migrate } from "../src/db/migrate.ts";
import { startPostgres } from "../src/embedded/postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The migrated database that each test file clones. */
    templateUrl: string;
  }
}

/** One PostgreSQL for the whole run, with a migrated template database. It and its folder are gone afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "charlie-test-"));
  // Durability is not under test in the common run, and without it the disk is not what is measured.
  const settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"];
  const postgres = await startPostgres(folder, { database: "charlie_template", settings });
  await migrate(postgres.url);
  project.provide("templateUrl", postgres.url);
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
