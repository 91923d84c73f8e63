import { Client } from "pg";
import { migrations } from "../../../db/migrate.ts";
import { check, reasonOf, Wrong } from "./check.ts";

/** The major version that backups are made with (deploy/): another one's dump would not be restored. */
const major = 17;
const appRole = "charlie_app";

const migrateFirst = "Run the role migrate: node server/src/main.ts migrate (deploy/deploy does it).";

/** One connection for some questions. Throws a Wrong where there is none to be had. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: "charlie-doctor",
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
  });
  // One that breaks while nothing is asked would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new Wrong(
      `no connection: ${reasonOf(error)}`,
      "Look at host, port, name and password in DATABASE_URL, and whether PostgreSQL runs.",
      error,
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

const version = check({
  id: "database.version",
  group: "database",
  looksAt: `PostgreSQL answers, and is version ${major}`,
  variables: ["DATABASE_URL"],
  run: ({ DATABASE_URL }) =>
    withClient(DATABASE_URL, async (client) => {
      const { rows } = await client.query<{ v: string }>("select current_setting('server_version_num') as v");
      const number = Number(rows[0]?.v);
      const found = `PostgreSQL ${Math.floor(number / 10_000)}.${number % 10_000}`;
      if (Math.floor(number / 10_000) === major) return found;
      throw new Wrong(found, `Use PostgreSQL ${major}: backups are made and restored with that version's tools.`);
    }),
});

const migrated = check({
  id: "database.migrations",
  group: "database",
  looksAt: "Every migration ran, and the next one may",
  variables: ["DATABASE_URL"],
  run: ({ DATABASE_URL }) =>
    withClient(DATABASE_URL, async (client) => {
      const { rows } = await client.query<{ may: boolean; there: boolean }>(
        `select has_database_privilege(current_database(), 'create')
                and has_schema_privilege('public', 'create') as may,
                to_regclass('public.schema_migrations') is not null as there`,
      );
      if (!rows[0]?.may)
        throw new Wrong(
          "this user may not create tables, so no migration can run",
          "Make it the owner of the database: alter database … owner to …",
        );
      const newest = migrations().length;
      const done = rows[0].there
        ? await client.query<{ n: number }>("select max(number) as n from schema_migrations")
        : null;
      const number = done?.rows[0]?.n ?? 0;
      if (number < newest) throw new Wrong(`${number} of ${newest} migrations ran`, migrateFirst);
      return number === newest ? `all ${newest} ran` : `${number} ran; this release knows ${newest}`;
    }),
});

const role = check({
  id: "database.role",
  group: "database",
  looksAt: "Requests run as a role that sees one workspace's rows only",
  variables: ["DATABASE_URL"],
  run: ({ DATABASE_URL }) =>
    withClient(DATABASE_URL, async (client) => {
      const { rows } = await client.query<{ over: boolean; member: boolean }>(
        `select rolsuper or rolbypassrls as over, pg_has_role(current_user, oid, 'member') as member
         from pg_roles where rolname = $1`,
        [appRole],
      );
      const [found] = rows;
      if (!found) throw new Wrong(`there is no role ${appRole}`, migrateFirst);
      if (found.over)
        throw new Wrong(
          `${appRole} can see every workspace's rows`,
          `As a superuser: alter role ${appRole} nosuperuser nobypassrls`,
        );
      if (!found.member)
        throw new Wrong(`this user may not act as ${appRole}`, `As a superuser: grant ${appRole} to this user`);
      return `${appRole}, without superuser and bypassrls`;
    }),
});

export const databaseChecks = [version, migrated, role];
