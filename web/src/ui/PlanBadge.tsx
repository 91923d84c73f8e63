import { Badge, UnstyledButton } from "@mantine/core";
import { type PlanId, planOf } from "@charlie/contract";

interface PlanBadgeProps {
  plan: PlanId;
  /** Opens what the badge leads to; without it the badge only tells. */
  onClick?: () => void;
}

/** The workspace's plan in one word. */
export function PlanBadge({ plan, onClick }: PlanBadgeProps) {
  const { name } = planOf(plan);
  const badge = (
    <Badge color={plan === "free" ? "gray" : "ball"} variant={plan === "free" ? "default" : "filled"} size="lg">
      {name}
    </Badge>
  );
  if (!onClick) return badge;
  return (
    <UnstyledButton onClick={onClick} aria-label={`Your plan: ${name}. See plans`}>
      {badge}
    </UnstyledButton>
  );
}
