import type { Decision } from "@charlie/contract";
import { LinkButton } from "../../ui/LinkButton.tsx";
import styles from "./billing.module.css";
import { stoppedWords } from "./upgrade-words.ts";

interface SpendChoiceProps {
  decision: Decision;
  /** Whether the person may change the cap and the keys. */
  mayChange: boolean;
  onClose: () => void;
}

/** What helps on a paid plan when AI may not cost any more: another cap, or a key of one's own. */
export function SpendChoice({ decision, mayChange, onClose }: SpendChoiceProps) {
  const { used, otherwise } = stoppedWords(decision);
  const raise = decision.helps.includes("raise_cap");
  return (
    <>
      <p className={styles["lead"]}>{used}</p>
      {!mayChange && <p className={styles["lead"]}>The owner of this workspace can set another cap.</p>}
      {mayChange && raise && (
        <LinkButton to="/usage" hash="ai-cost" fullWidth onClick={onClose}>
          Raise the cap
        </LinkButton>
      )}
      {mayChange && (
        <LinkButton to="/settings/ai-keys" variant={raise ? "default" : "filled"} fullWidth onClick={onClose}>
          Use a key of your own
        </LinkButton>
      )}
      <p className={styles["quiet"]}>{otherwise}</p>
    </>
  );
}
