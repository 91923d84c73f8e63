import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { DatabaseError, escapeLiteral, Pool, types, type PoolClient, type QueryConfig, type QueryResultRow } from "pg";
import { actOnce, prepareToAct } from "./acting-query.ts";

// bigint columns hold counts and micro-dollars, all far below 2^53: read them as numbers, and refuse to lose a digit.
types.setTypeParser(types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
});

/** A transaction: Drizzle's builder, with the connection itself at `$client` for named statements. */
export type Tx = NodePgDatabase & { $client: PoolClient };

export interface Database {
  /** The pool whose connections act as charlie_app: row-level security decides what they see. */
  app: Pool;
  /** The pool that owns the tables and sees everything. */
  operator: Pool;
  close(): Promise<void>;
}

/**
 * Opens both pools. `max` is connections per pool (10 was fastest on the machines tried, see stack.md).
 * `onError` hears of idle connections that break; without it such an error would end the process.
 */
export function openDatabase(
  url: string,
  { max = 10, onError }: { max?: number; onError?: (error: Error) => void } = {},
): Database {
  const common = { connectionString: url, max, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 30_000 };
  // Generic plans: otherwise each statement that touches a partitioned table is planned anew each time, which took more
  // than twice as long as running it (40 months: 4.2 ms of the database's time an answer, instead of 0.04).
  const options = "-c role=charlie_app -c plan_cache_mode=force_generic_plan";
  const app = new Pool({ ...common, application_name: "charlie-app", options, pipeline: true });
  app.on("connect", prepareToAct);
  const operator = new Pool({ ...common, application_name: "charlie-operator" });
  for (const pool of [app, operator]) {
    pool.on("error", (error) => onError?.(error));
    // A connection may also break while it is out of the pool; its query fails then, and that is enough.
    pool.on("connect", (client) => void client.on("error", () => {}));
  }
  return {
    app,
    operator,
    close: async () => {
      await Promise.all([app.end(), operator.end()]);
    },
  };
}

/** `begin` is sent as it is; on a pool that pipelines, together with the first statement of `work`, in one round trip. */
async function inTransaction<T>(pool: Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    sendTogether(client);
    const begun = client.query(begin);
    // Where it fails, what follows fails too and tells of it.
    begun.catch(() => {});
    const result = await work(drizzle({ client }));
    await begun;
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    // A connection that cannot even roll back is thrown away, not returned to the pool.
    client.release(broken);
  }
}

/** All that this turn of the event loop still sends goes out in one write. */
function sendTogether({ connection: { stream } }: PoolClient): void {
  stream.cork();
  process.nextTick(() => stream.uncork());
}

const beginIn = (workspaceId: string): string =>
  `begin; select set_config('app.workspace_id', ${escapeLiteral(workspaceId)}, true)`;

/** Runs `work` in one transaction that sees this workspace's rows and no others. Commits, or rolls back and throws. */
export const withWorkspace = <T>(db: Database, workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
  inTransaction(db.app, beginIn(workspaceId), work);

/**
 * Runs one statement in a transaction of its own that sees this workspace's rows and no others, and returns its rows: as
 * `withWorkspace`, in one round trip. Throws where the statement or the commit failed.
 */
export async function oneStatement<R extends QueryResultRow>(
  db: Database,
  workspaceId: string,
  statement: QueryConfig,
): Promise<R[]> {
  const client = await db.app.connect();
  let broken = false;
  try {
    return (await actOnce<R>(client, workspaceId, statement)).rows;
  } catch (error) {
    // A statement that PostgreSQL refused leaves the connection whole, unless what was prepared on it is gone (26000).
    broken = !(error instanceof DatabaseError) || error.severity === "FATAL" || error.code === "26000";
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Runs `work` in one transaction that sees every row: for jobs, sync, audit and the operator's pages only. */
export const asOperator = <T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  inTransaction(db.operator, "begin", work);
