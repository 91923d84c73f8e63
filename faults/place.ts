import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Agent } from "@charlie/contract";
import { sweepAnswers } from "../server/src/features/chat/sweep.ts";
import { asOperator, type Database } from "../server/src/db/client.ts";
import { enqueue } from "../server/src/jobs/queue.ts";
import { teach } from "../server/test/chat.ts";
import type { Client } from "../server/test/client.ts";
import type { TestApp } from "../server/test/harness.ts";
import type { SignUp } from "../server/test/sign-up.ts";

/** Where faults strike: servers on one database, as plain processes of this machine or as the stack's containers. */
export interface Place {
  db: Database;
  /** How many scenarios are lived through there where FAULT_SEEDS says nothing. */
  seeds: number;
  /** The servers. */
  urls: readonly string[];
  /** Somebody with a workspace of their own, signed in at a server that is not struck, where there is one. */
  signUp: (options?: SignUp) => Promise<Client>;
  /** An agent whose brain is the test's. */
  teach(client: Client): Promise<Agent>;
  /** Gives back the answers whose server gave no sign of life for half a minute. */
  sweep(): Promise<void>;
}

/** Makes half a minute pass without a sign of life of any server. */
export const age = async ({ operator }: Database): Promise<void> =>
  void (await operator.query("update running_answers set heartbeat_at = heartbeat_at - interval '31 seconds'"));

/** Has the worker of that database do a job. Returns what to ask after it by. */
export async function beginJob(db: Database, task: string, payload: object): Promise<string> {
  const key = `${task}:${randomUUID()}`;
  await asOperator(db, (tx) => enqueue(tx, task, payload, { key }));
  return key;
}

/** Waits until a job was done or has failed once. */
export async function jobIsOver(db: Database, key: string): Promise<void> {
  const open = "select 1 from graphile_worker.jobs where key = $1 and (attempts = 0 or locked_at is not null)";
  while ((await db.operator.query(open, [key])).rowCount !== 0) await sleep(50);
}

/** Has the worker of that database do a job, and waits until it has, well or not. */
export const runJob = async (db: Database, task: string, payload: object): Promise<void> =>
  jobIsOver(db, await beginJob(db, task, payload));

/** Servers that run as processes on the database of an app of the test's own, which is not struck. */
export const onProcesses = (
  app: TestApp,
  urls: readonly string[],
  provider: { url: string },
  model = "echo",
): Place => ({
  db: app.db,
  seeds: 20,
  urls,
  signUp: (options) => app.signUp(options),
  teach: (client) => teach(client, provider, model),
  sweep: async () => void (await sweepAnswers({ db: app.db, log: app.app.fastify.log })),
});
