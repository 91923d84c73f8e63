import { planOf, type PlanId } from "@charlie/contract";

/** AI on the operator's keys, as far as plans and caps care. */
export interface OperatorAi {
  /** Whether the operator has a key at all. */
  offered: boolean;
  /** What a Free workspace may use of it in a billing period, in micro-dollars. */
  freeAllowanceMicros: number;
}

/**
 * What AI on the operator's keys may cost the workspace in a billing period (`cap`), and the highest cap it can set
 * (`most`), in micro-dollars. What the workspace set once stays, and holds as far as the plan of the day lets it.
 */
export function spendCapOf(
  { plan, spendCapMicros }: { plan: PlanId; spendCapMicros: number | null },
  { freeAllowanceMicros }: Pick<OperatorAi, "freeAllowanceMicros">,
): { cap: number; most: number } {
  const { usualMicros, mostMicros } = planOf(plan).aiSpend;
  const [usual, most] = plan === "free" ? [freeAllowanceMicros, freeAllowanceMicros] : [usualMicros, mostMicros];
  return { cap: Math.min(spendCapMicros ?? usual, most), most };
}
