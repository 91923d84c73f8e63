import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Ctx } from "../context.ts";
import { idempotencyKeys } from "../db/schema/workspaces.ts";
import { AppError } from "../errors.ts";

/** The request's `Idempotency-Key`, checked; `null` without one. Throws 400 on a key that is too long or empty. */
export function idempotencyKeyOf(request: FastifyRequest): string | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError(400, "invalid_idempotency_key", "An Idempotency-Key has 1 to 255 visible ASCII characters.");
  }
  return key;
}

/** Method, path and body in one hash: tells the same request from another one with the same key. */
export const requestHash = (request: FastifyRequest): string =>
  createHash("sha256")
    .update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`)
    .digest("base64url");

/** 422: the key was used for something else. */
export const keyReused = (): AppError =>
  new AppError(
    422,
    "idempotency_key_reused",
    "This Idempotency-Key was already used for another request. Use a new one.",
  );

/**
 * Runs `work` once per key: in one transaction it takes the key, does the work and keeps the answer, so a second
 * request with the same key waits for the first and gets its answer, and a crash half-way leaves neither.
 * Without a key, just runs it.
 */
export async function idempotent(
  ctx: Ctx,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  work: (ctx: Ctx) => Promise<unknown>,
): Promise<unknown> {
  const key = idempotencyKeyOf(request);
  if (key === null) return work(ctx);
  const hash = requestHash(request);
  return ctx.transaction(async (tx, inner) => {
    const mine = and(eq(idempotencyKeys.workspaceId, ctx.workspaceId), eq(idempotencyKeys.key, key));
    const taken = await tx
      .insert(idempotencyKeys)
      .values({ workspaceId: ctx.workspaceId, key, requestHash: hash })
      .onConflictDoNothing()
      .returning({ key: idempotencyKeys.key });
    if (taken.length === 0) {
      const [first] = await tx.select().from(idempotencyKeys).where(mine);
      if (first?.requestHash !== hash) throw keyReused();
      void reply.header("Idempotent-Replayed", "true");
      return first.response;
    }
    const result = await work(inner);
    await tx
      .update(idempotencyKeys)
      .set({ status, response: result ?? null })
      .where(mine);
    return result;
  });
}
