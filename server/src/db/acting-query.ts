import { Query, type Connection, type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from "pg";

const actIn = { name: "act-in", text: "select set_config('app.workspace_id', $1, true)" };

/** Makes a new connection ready for statements in a workspace. */
export const prepareToAct = (client: PoolClient): void => {
  // Should it fail, the connection's first statement fails too and tells of it.
  client.query({ ...actIn, values: [""] }).catch(() => {});
};

type Settle<R extends QueryResultRow> = (error: Error | null, result: QueryResult<R>) => void;

/** What pg's Query does, more of it than its types tell (pg/lib/query.js). */
interface Messages {
  submit(connection: Connection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
}

const PgQuery = Query as unknown as new (statement: QueryConfig, settle: Settle<never>) => Messages;

/**
 * One statement that sees one workspace's rows. The workspace is set and the statement runs before the server is asked
 * for its answer (`Sync`), which makes both one transaction: it commits there, or nothing of it was done (PostgreSQL's
 * manual, "Extended Query Overview" and "Pipelining").
 */
class ActingQuery extends PgQuery {
  readonly #workspaceId: string;
  /** Whether the workspace is set: what the server says before that is no part of the statement's result. */
  #acts = false;

  constructor(workspaceId: string, statement: QueryConfig, settle: Settle<never>) {
    super(statement, settle);
    this.#workspaceId = workspaceId;
  }

  override submit(connection: Connection): void {
    connection.stream.cork();
    connection.bind({ statement: actIn.name, values: [this.#workspaceId] }, true);
    connection.execute(null, true);
    const fault = super.submit(connection);
    connection.stream.uncork();
    return fault;
  }

  override handleDataRow(message: unknown): void {
    if (this.#acts) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#acts) super.handleCommandComplete(message, connection);
    this.#acts = true;
  }
}

/**
 * Runs a statement as a transaction of its own in this workspace, in one round trip, on a connection that was made ready
 * for it. Throws where the statement or its commit failed: then nothing was done.
 */
export async function actOnce<R extends QueryResultRow>(
  client: PoolClient,
  workspaceId: string,
  statement: QueryConfig,
): Promise<QueryResult<R>> {
  const { promise, resolve, reject } = Promise.withResolvers<QueryResult<R>>();
  const settle: Settle<R> = (error, result) => (error ? reject(error) : resolve(result));
  client.query(new ActingQuery(workspaceId, statement, settle as Settle<never>));
  try {
    return await promise;
  } catch (error) {
    // It came with the socket's stack; who asked says more.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}
