import type { PlanId } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { keepsWords } from "./asleep-words.ts";

/** Before a plan changes: how many agents and projects the next one keeps awake, and where to choose them. */
export function AsleepAhead({ plan }: { plan: PlanId }) {
  const { data } = useQuery(queries.planFit(plan));
  const words = data && keepsWords(data);
  if (!words) return null;
  return (
    <p>
      {words}, the ones used last.{" "}
      <TextLink to="/awake" search={{ for: plan }}>
        Choose others
      </TextLink>
    </p>
  );
}
