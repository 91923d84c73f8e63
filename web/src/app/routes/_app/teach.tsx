import { createFileRoute } from "@tanstack/react-router";
import { Wizard } from "../../../features/agents/Wizard.tsx";
import { type PaidPlan, paidPlan } from "../../../features/identity/carried.ts";

export const wizardSteps = ["who", "rules", "tricks", "name"] as const;
export type WizardStep = (typeof wizardSteps)[number];

interface Search {
  step?: WizardStep;
  /** The project that the new agent joins. */
  project?: string;
  /** The plan to pay for afterwards. */
  plan?: PaidPlan;
}

export const Route = createFileRoute("/_app/teach")({
  validateSearch: (search: Record<string, unknown>): Search => {
    const step = wizardSteps.find((candidate) => candidate === search["step"]);
    const plan = paidPlan(search["plan"]);
    return {
      ...(step && { step }),
      ...(typeof search["project"] === "string" && { project: search["project"] }),
      ...(plan && { plan }),
    };
  },
  component: Wizard,
});
