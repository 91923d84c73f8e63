import { createFileRoute } from "@tanstack/react-router";
import { Wizard } from "../../../features/agents/wizard/Wizard.tsx";
import { type WizardStep, wizardSteps } from "../../../features/agents/wizard/steps.ts";
import { type PaidPlan, paidPlan } from "../../../features/identity/carried.ts";

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
