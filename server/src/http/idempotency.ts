import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { and, eq, isNull, lt } from "drizzle-orm";
import type { FastifyRequest } from "fastify";
import { actorId, type Ctx } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { idempotencyKeys } from "../db/schema/workspaces.ts";
import { AppError, conflict } from "../errors.ts";

/** The request's `Idempotency-Key`, checked; `null` without one. Throws 400 on a key that is too long or empty. */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError(400, "invalid_idempotency_key", "An Idempotency-Key has 1 to 255 visible ASCII characters.");
  }
  return key;
}

/** Who asks for what, in one hash: tells the same request from another one with the same key. */
export const requestHash = (request: FastifyRequest, ctx: Ctx, body: unknown): string =>
  createHash("sha256")
    .update(`${actorId(ctx.actor)} ${request.method} ${request.url}\n${JSON.stringify(body ?? null)}`)
    .digest("base64url");

/** 422: the key was used for something else. */
export const keyReused = (): AppError =>
  new AppError(
    422,
    "idempotency_key_reused",
    "This Idempotency-Key was already used for another request. Use a new one.",
  );

interface Keyed {
  key: string;
  hash: string;
  /** The status that the answer is kept with. */
  status: number;
}

const rowOf = (ctx: Ctx, key: string) =>
  and(eq(idempotencyKeys.workspaceId, ctx.workspaceId), eq(idempotencyKeys.key, key));

/** The row as it was claimed at that time: another claim of the same key is none of this request's. */
const claimOf = (ctx: Ctx, key: string, at: Date) => and(rowOf(ctx, key), eq(idempotencyKeys.createdAt, at));

/** Takes the key, or finds who has it. Throws 422 where it was used for something else. */
async function claim(
  tx: Tx,
  ctx: Ctx,
  { key, hash }: Keyed,
  at: Date,
): Promise<typeof idempotencyKeys.$inferSelect | null> {
  const taken = await tx
    .insert(idempotencyKeys)
    .values({ workspaceId: ctx.workspaceId, key, requestHash: hash, createdAt: at })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (taken.length > 0) return null;
  const [first] = await tx.select().from(idempotencyKeys).where(rowOf(ctx, key));
  if (first?.requestHash !== hash) throw keyReused();
  return first;
}

async function keep(tx: Tx, ctx: Ctx, { key, status }: Keyed, at: Date, result: unknown): Promise<void> {
  await tx
    .update(idempotencyKeys)
    .set({ status, response: result ?? null })
    .where(claimOf(ctx, key, at));
}

export interface Once {
  result: unknown;
  /** The answer was given before. */
  replayed: boolean;
}

/**
 * Runs `work` once per key: in one transaction it takes the key, does the work and keeps the answer, so a second
 * request with the same key waits for the first and gets its answer, and a crash half-way leaves neither.
 */
export const onceInTransaction = (ctx: Ctx, keyed: Keyed, work: (ctx: Ctx) => Promise<unknown>): Promise<Once> =>
  ctx.transaction(async (tx, inner) => {
    const at = new Date();
    const first = await claim(tx, ctx, keyed, at);
    if (first) return { result: first.response, replayed: true };
    const result = await work(inner);
    await keep(tx, ctx, keyed, at, result);
    return { result, replayed: false };
  });

/** A request that was cut off half-way holds its key no longer than this, ms. */
const abandonedAfter = 120_000;
const longestWait = 20_000;

/** Takes the key and tells when, or waits for the answer of whoever has it. Throws 409 and 422. */
async function takeOrWait(ctx: Ctx, keyed: Keyed): Promise<Date | Once> {
  for (const deadline = Date.now() + longestWait; ; await sleep(200)) {
    const at = new Date();
    const first = await ctx.transaction((tx) => claim(tx, ctx, keyed, at));
    if (first === null) return at;
    if (first.status !== null) return { result: first.response, replayed: true };
    const abandoned = new Date(Date.now() - abandonedAfter);
    if (first.createdAt < abandoned) {
      const stale = and(
        rowOf(ctx, keyed.key),
        isNull(idempotencyKeys.status),
        lt(idempotencyKeys.createdAt, abandoned),
      );
      await ctx.transaction((tx) => tx.delete(idempotencyKeys).where(stale));
    } else if (Date.now() > deadline) {
      throw conflict("still_running", "The same request is still being worked on. Please ask again in a moment.");
    }
  }
}

/**
 * As `onceInTransaction`, for work that asks other services: no connection is held meanwhile. The key is taken first and
 * the answer kept afterwards; a failure frees the key, unless another request has it by then. Throws 409 where the first
 * request takes too long to wait for. After a crash half-way the work is done again, so it must bear that by itself.
 */
export async function onceOutside(ctx: Ctx, keyed: Keyed, work: (ctx: Ctx) => Promise<unknown>): Promise<Once> {
  const taken = await takeOrWait(ctx, keyed);
  if (!(taken instanceof Date)) return taken;
  try {
    const result = await work(ctx);
    await ctx.transaction((tx) => keep(tx, ctx, keyed, taken, result));
    return { result, replayed: false };
  } catch (error) {
    await ctx.transaction((tx) => tx.delete(idempotencyKeys).where(claimOf(ctx, keyed.key, taken)));
    throw error;
  }
}
