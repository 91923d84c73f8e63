import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { QueryResultRow } from "pg";
import type { Database } from "../db/client.ts";
import { migrations } from "../db/migrate.ts";

export interface Health {
  /** From now on `/readyz` says 503, so that no new work is sent here. */
  shutDown(): void;
}

interface Check {
  ok: boolean;
  what: string;
}

const cachedMs = 2_000;
/** A database that takes longer than this for a small question is away, in ms. */
const patienceMs = 2_000;

/** `/livez`: the process alone. `/readyz`: the database and its migrations, remembered for 2 s. `/health`: for the outside, as long. */
export function useHealth(app: FastifyInstance, db: Database): Health {
  const newest = migrations().length;
  let stopping = false;
  let known: { at: number; check: Promise<Check>; lag?: Promise<number | null> } | null = null;

  /** A small question to the database; `null` where it does not answer in time. */
  async function ask<Row extends QueryResultRow>(sql: string): Promise<Row | null> {
    const asked = db.operator.query<Row>(sql).then(
      ({ rows }) => rows[0] ?? null,
      () => null,
    );
    return Promise.race([asked, sleep(patienceMs, null, { ref: false })]);
  }

  async function look(): Promise<Check> {
    const row = await ask<{ number: number | null }>("select max(number) as number from schema_migrations");
    if (row === null) return { ok: false, what: "database away" };
    const number = row.number ?? 0;
    return number >= newest ? { ok: true, what: "ready" } : { ok: false, what: `migration ${number} of ${newest}` };
  }

  /** What was seen within the last 2 s, else what is seen now. */
  function seen() {
    if (known === null || Date.now() - known.at > cachedMs) known = { at: Date.now(), check: look() };
    return known;
  }

  function ready(): Promise<Check> {
    return stopping ? Promise.resolve({ ok: false, what: "shutting down" }) : seen().check;
  }

  /** How long the job that waits longest is overdue, in seconds; looked up only where somebody wants to know. */
  function queueLag(): Promise<number | null> {
    const now = seen();
    now.lag ??= ask<{ seconds: number }>(
      "select coalesce(extract(epoch from now() - min(run_at)), 0)::float as seconds from graphile_worker.jobs where run_at < now() and locked_at is null and attempts < max_attempts",
    ).then((row) => row?.seconds ?? null);
    return now.lag;
  }

  const options = { schema: { hide: true }, config: { access: "public" as const }, logLevel: "silent" as const };
  app.get("/livez", options, async () => ({ status: "alive" }));
  app.get("/readyz", options, async (_request, reply) => {
    const { ok, what } = await ready();
    return reply.status(ok ? 200 : 503).send({ status: what });
  });
  app.get("/health", options, async (_request, reply) => {
    const { ok, what } = await ready();
    const queueLagSeconds = ok ? await queueLag() : null;
    return reply.status(ok ? 200 : 503).send({ status: ok ? "healthy" : "unhealthy", database: what, queueLagSeconds });
  });
  return {
    shutDown: () => {
      stopping = true;
    },
  };
}
