import type { BrainProvider, Payer, UsageBreakdown, UsagePart } from "@charlie/contract";
import type { Tx } from "../../db/client.ts";

/** UTC days, both included: "2026-11-22". */
export interface Days {
  first: string;
  last: string;
}

const dayMs = 24 * 60 * 60 * 1_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** So many UTC days up to `now`'s, oldest first. */
export function daysUpTo(now: Date, count: number): string[] {
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  return Array.from({ length: count }, (_, index) => dayOf(today - (count - 1 - index) * dayMs));
}

/** What each breakdown is told apart by in `usage_daily`, and the columns that stand empty without it. */
const keys: Record<UsageBreakdown, readonly { column: string; type: string }[]> = {
  day: [{ column: "day", type: "date" }],
  agent: [{ column: "agent_id", type: "uuid" }],
  model: [
    { column: "provider", type: "text" },
    { column: "model", type: "text" },
  ],
};

type Numbers = Pick<
  UsagePart,
  "messages" | "tokensIn" | "tokensOut" | "tokensCached" | "costMicros" | "passedOnMicros" | "ownKeyMicros" | "payer"
>;

interface Row extends Numbers {
  day: string | null;
  agentId: string | null;
  provider: BrainProvider | null;
  model: string | null;
  payer: Payer;
  /** `null` where the agent's row is gone. */
  name: string | null;
  frozen: boolean | null;
  deleted: boolean | null;
}

function presentPart({ day, agentId, provider, model, name, frozen, deleted, ...numbers }: Row): UsagePart {
  const state = deleted === false ? (frozen ? "frozen" : "awake") : "deleted";
  return {
    day,
    agent: agentId === null ? null : { id: agentId, name: name ?? "An agent that is gone", state },
    brain: provider === null || model === null ? null : { provider, model },
    ...numbers,
  };
}

/**
 * What the answers of these days took, told apart by payer and by what is asked for. Reads a row for each day, agent,
 * model and payer, however many messages there were, so also when those are long retired. By day the newest comes first
 * where `by` has more than the day; else days are oldest first, everything else with the most messages first.
 */
export async function usedParts(
  tx: Tx,
  workspaceId: string,
  { first, last }: Days,
  by: readonly UsageBreakdown[],
): Promise<UsagePart[]> {
  const grouped = by.flatMap((breakdown) => keys[breakdown].map(({ column }) => column));
  const columns = Object.values(keys)
    .flat()
    .map(({ column, type }) => (grouped.includes(column) ? column : `null::${type} as ${column}`));
  const days = by.length > 1 ? "day desc, " : "day, ";
  const { rows } = await tx.$client.query<Row>({
    name: `used-parts-${by.join("-")}`,
    text: `with used as (
        select ${columns.join(", ")}, payer, sum(messages)::bigint as messages, sum(tokens_in)::bigint as tokens_in,
          sum(tokens_out)::bigint as tokens_out, sum(tokens_cached)::bigint as tokens_cached,
          sum(cost_micros)::bigint as cost_micros, sum(passed_on_micros)::bigint as passed_on_micros,
          sum(own_key_micros)::bigint as own_key_micros
        from usage_daily
        where workspace_id = $1 and day between $2 and $3
        group by ${[...grouped, "payer"].join(", ")}
      )
      select u.day::text, u.agent_id as "agentId", u.provider, u.model, u.payer, u.messages, u.tokens_in as "tokensIn",
        u.tokens_out as "tokensOut", u.tokens_cached as "tokensCached", u.cost_micros as "costMicros",
        u.passed_on_micros as "passedOnMicros", u.own_key_micros as "ownKeyMicros", a.name, a.frozen_at is not null as frozen,
        case when a.id is not null then a.deleted_at is not null end as deleted
      from used u left join agents a on a.workspace_id = $1 and a.id = u.agent_id
      order by ${days}messages desc, u.agent_id, u.provider, u.model, u.payer`,
    values: [workspaceId, first, last],
  });
  return rows.map(presentPart);
}

/** The UTC day of the workspace's first answer ever; `null` before it. */
export async function firstDayOf(tx: Tx, workspaceId: string): Promise<string | null> {
  const { rows } = await tx.$client.query<{ day: string }>({
    name: "first-day",
    text: "select day::text from usage_daily where workspace_id = $1 order by day limit 1",
    values: [workspaceId],
  });
  return rows[0]?.day ?? null;
}
