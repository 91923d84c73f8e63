import { createHash } from "node:crypto";
import type { Decision, RateLimitId } from "@charlie/contract";
import { sql } from "drizzle-orm";
import { actorId, type Ctx } from "../../context.ts";
import { asOperator, type Database } from "../../db/client.ts";
import { decisions } from "../../db/schema/usage.ts";
import type { Log } from "../../log.ts";
import { presentDecision } from "./present.ts";

/** A request that came too soon after too many others. */
export interface RateRefusal {
  limit: RateLimitId;
  used: number;
  allowed: number;
  resetsAt: Date;
  /** What was asked, in a few words. */
  asked: string;
  /** The sentence that the 429 carries. */
  detail: string;
}

const minuteMs = 60_000;

/** One id for a workspace, a limit and a minute on any number of servers: a UUIDv7 of that minute, the rest a hash. */
function idOf(workspaceId: string, limit: RateLimitId, minute: number): string {
  const hash = createHash("sha256").update(`${workspaceId} ${limit} ${minute}`).digest("hex");
  const time = (minute * minuteMs).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

export type KeepRateRefusal = (ctx: Ctx, refusal: RateRefusal) => Promise<Decision | null>;

/**
 * Keeps refusals for rates so that they can be looked up: one row for each workspace, limit and minute, whatever comes in,
 * and one write by each server. All refusals of that minute carry the same id. `null` where it could not be kept.
 */
export function rateRefusals({ db, log }: { db: Database; log: Log }): KeepRateRefusal {
  let minute = 0;
  const kept = new Map<string, Promise<Decision | null>>();

  async function keep(ctx: Ctx, id: string, refusal: RateRefusal): Promise<Decision | null> {
    const { limit, used, allowed, resetsAt, asked, detail } = refusal;
    try {
      const [row] = await asOperator(db, (tx) =>
        tx
          .insert(decisions)
          .values({
            id,
            workspaceId: ctx.workspaceId,
            status: 429,
            limitName: limit,
            plan: sql`(select plan from workspaces where id = ${ctx.workspaceId})`,
            used,
            allowed,
            resetsAt,
            helps: ["wait"],
            asked,
            detail,
            actorId: actorId(ctx.actor),
          })
          // Another server's row stands; this only reads it.
          .onConflictDoUpdate({ target: decisions.id, set: { status: 429 } })
          .returning(),
      );
      return row ? presentDecision(row) : null;
    } catch (error) {
      log.warn({ err: error, limit }, "a refusal could not be kept");
      return null;
    }
  }

  return (ctx, refusal) => {
    const now = Math.floor(Date.now() / minuteMs);
    if (now !== minute) kept.clear();
    minute = now;
    const id = idOf(ctx.workspaceId, refusal.limit, now);
    const known = kept.get(id) ?? keep(ctx, id, refusal);
    kept.set(id, known);
    return known;
  };
}
