import { createFileRoute } from "@tanstack/react-router";
import { Wizard } from "../../../features/agents/wizard/Wizard.tsx";
import { type WizardStep, wizardSteps } from "../../../features/agents/wizard/steps.ts";
import { type Chosen, readChosen } from "../../../features/billing/chosen.ts";

/** With the plan to pay for afterwards. */
interface Search extends Chosen {
  step?: WizardStep;
  /** The project that the new agent joins. */
  project?: string;
}

export const Route = createFileRoute("/_app/teach")({
  validateSearch: (search: Record<string, unknown>): Search => {
    const step = wizardSteps.find((candidate) => candidate === search["step"]);
    return {
      ...(step && { step }),
      ...(typeof search["project"] === "string" && { project: search["project"] }),
      ...readChosen(search),
    };
  },
  component: Wizard,
});
