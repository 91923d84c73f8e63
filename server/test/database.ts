import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

const adminUrl = (): string => {
  const url = new URL(inject("templateUrl"));
  url.pathname = "/postgres";
  return url.href;
};

async function asAdmin(sql: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of its own, cloned from the migrated template in some 50 ms. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const name = `t_${randomBytes(8).toString("hex")}`;
  await asAdmin(`create database ${name} template charlie_template`);
  const url = new URL(inject("templateUrl"));
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => drop(name) };
}

/** Connections that are closing have the 5 s that PostgreSQL waits for them: one that is ended by force tells its client of an error. */
async function drop(name: string): Promise<void> {
  await asAdmin(`drop database ${name}`).catch(() => asAdmin(`drop database ${name} with (force)`));
}
