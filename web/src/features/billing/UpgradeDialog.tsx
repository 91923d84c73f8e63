import { Anchor, Modal } from "@mantine/core";
import { type Decision, planOf } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { queries } from "../../api/index.ts";
import { Charlie } from "../../charlie/Charlie.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import styles from "./billing.module.css";
import { PayButton } from "./PayButton.tsx";
import { isPaid } from "./use-checkout.ts";
import { type Offer, offerOf, planAbove, stoppedWords } from "./upgrade-words.ts";

interface UpgradeDialogProps {
  opened: boolean;
  onClose: () => void;
  /** The limit that said no; without one somebody wanted to see what there is. */
  decision: Decision | undefined;
}

function OfferCard({ offer: { plan, price, gains } }: { offer: Offer }) {
  return (
    <div className={styles["offer"]}>
      <p className={styles["offerHead"]}>
        <strong>{plan.name}</strong>
        <span className="tabular">{price}</span>
      </p>
      <ul className={styles["gains"]}>
        {gains.map((gain) => (
          <li key={gain}>
            <Check size={18} aria-hidden />
            {gain}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Top({ onClose, decision }: Pick<UpgradeDialogProps, "onClose" | "decision">) {
  return (
    <>
      <p className={styles["lead"]}>
        {decision ? stoppedWords(decision).otherwise : "You have the biggest plan already. There is nothing above it."}
      </p>
      <LinkButton to="/settings/billing" variant="default" fullWidth onClick={onClose}>
        See your plan
      </LinkButton>
    </>
  );
}

function Choice({ decision, onClose }: Pick<UpgradeDialogProps, "onClose" | "decision">) {
  const { data: me, error, refetch } = useQuery(queries.me);
  if (error && !me) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!me) return <SkeletonLines count={4} />;
  const { plan, role } = me.workspace;
  // A decision tells which plan helps against this limit; without one it is the next plan up.
  const next = decision ? decision.next && planOf(decision.next.plan) : planAbove(plan);
  if (!next || !isPaid(next.id)) return <Top onClose={onClose} decision={decision} />;
  const stopped = decision && stoppedWords(decision);
  return (
    <>
      <p className={styles["lead"]}>
        {stopped
          ? stopped.used
          : `You are on ${planOf(plan).name}. ${next.name} is ${next.pitch.charAt(0).toLowerCase()}${next.pitch.slice(1)}`}
      </p>
      <OfferCard offer={offerOf(next, plan, decision?.limit)} />
      {role === "owner" || role === "admin" ? (
        <PayButton plan={next.id} email={me.user.email}>
          {isPaid(plan) ? `Change to ${next.name}` : `Go on with ${next.name}`}
        </PayButton>
      ) : (
        <p className={styles["lead"]}>The owner of this workspace can change the plan.</p>
      )}
      {stopped && <p className={styles["quiet"]}>{stopped.otherwise}</p>}
      {!stopped && <p className={styles["quiet"]}>You can cancel any time; what you made stays.</p>}
      <Anchor className={styles["compare"]} href="/pricing">
        Compare all plans
      </Anchor>
    </>
  );
}

/** What is used up, when it starts again, and what the next plan gives and costs; one button to get it. */
export default function UpgradeDialog({ opened, onClose, decision }: UpgradeDialogProps) {
  const title = decision ? stoppedWords(decision).title : "Room for more";
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={460}>
      <div className={styles["dialog"]}>
        <Charlie pose="sitting" size={104} mood={decision ? "puzzled" : "listening"} />
        <Choice decision={decision} onClose={onClose} />
      </div>
    </Modal>
  );
}
