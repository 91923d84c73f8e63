import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";
import { nameWords, stepWords, type WizardStep, wizardSteps } from "./steps.ts";
import type { Draft } from "./use-draft.ts";
import styles from "./wizard.module.css";

/** Where in the wizard one is; every step can be gone to. */
export function Progress({ step, draft }: { step: WizardStep; draft: Draft }) {
  return (
    <nav aria-label="Steps">
      <ol className={styles["steps"]}>
        {wizardSteps.map((each, index) => {
          const done = each !== step && draft[each].trim() !== "";
          return (
            <li key={each}>
              <Link
                to="/teach"
                search={(previous) => ({ ...previous, step: each })}
                className={styles["step"]}
                data-current={each === step || undefined}
                activeProps={{ "aria-current": each === step ? "step" : "false" }}
              >
                <span className={styles["stepDot"]} data-done={done || undefined} aria-hidden>
                  {done ? <Check size={16} strokeWidth={3} /> : index + 1}
                </span>
                {each === "name" ? nameWords.short : stepWords[each].short}
                {done && <span className={styles["unseen"]}>, answered</span>}
              </Link>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
