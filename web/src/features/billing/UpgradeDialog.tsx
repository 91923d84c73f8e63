import { Anchor, Modal } from "@mantine/core";
import { type BillingInterval, planOf } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { useState } from "react";
import { queries } from "../../api/index.ts";
import { Charlie } from "../../charlie/Charlie.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { LinkButton } from "../../ui/LinkButton.tsx";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import styles from "./billing.module.css";
import { chosenBefore, isPaid } from "./chosen.ts";
import { IntervalChoice } from "./IntervalChoice.tsx";
import { PayButton } from "./PayButton.tsx";
import { SpendChoice } from "./SpendChoice.tsx";
import { offerPrice } from "./switch-words.ts";
import { SwitchFigures } from "./SwitchFigures.tsx";
import type { Ask } from "./upgrade.tsx";
import { type Offer, offerOf, planAbove, stoppedWords } from "./upgrade-words.ts";

interface UpgradeDialogProps {
  opened: boolean;
  onClose: () => void;
  ask: Ask;
}

function OfferCard({ offer: { plan, gains }, price }: { offer: Offer; price: string }) {
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

function Top({ onClose, ask: { decision } }: Pick<UpgradeDialogProps, "onClose" | "ask">) {
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

function Choice({ ask, onClose }: Pick<UpgradeDialogProps, "ask" | "onClose">) {
  const { data: me, error, refetch } = useQuery(queries.me);
  const { data: subscription, error: unknown, refetch: look } = useQuery(queries.subscription);
  const [chosen, setInterval] = useState<BillingInterval | null>(ask.interval ?? null);
  if ((error && !me) || (unknown && !subscription)) {
    return <ErrorState error={error ?? unknown} onRetry={() => void Promise.all([refetch(), look()])} />;
  }
  if (!me || !subscription) return <SkeletonLines count={4} />;
  const { decision } = ask;
  const { plan, role } = me.workspace;
  const mayChange = role === "owner" || role === "admin";
  if (decision?.limit === "aiSpend" && isPaid(plan)) return <SpendChoice {...{ decision, mayChange, onClose }} />;
  // A decision tells which plan helps against this limit; without one it is the chosen plan, or the next one up.
  const next = decision ? decision.next && planOf(decision.next.plan) : ask.plan ? planOf(ask.plan) : planAbove(plan);
  if (!next || !isPaid(next.id)) return <Top onClose={onClose} ask={ask} />;
  const stopped = decision && stoppedWords(decision);
  const interval = chosen ?? subscription.interval ?? chosenBefore().interval ?? "month";
  const choice = { plan: next.id, interval };
  const byMonth = () => setInterval("month");
  const isMore = next.monthlyCents > planOf(plan).monthlyCents;
  return (
    <>
      <p className={styles["lead"]}>
        {stopped
          ? stopped.used
          : `You are on ${planOf(plan).name}. ${next.name} is ${next.pitch.charAt(0).toLowerCase()}${next.pitch.slice(1)}`}
      </p>
      <IntervalChoice value={choice.interval} onChange={setInterval} />
      {isMore && (
        <OfferCard offer={offerOf(next, plan, decision?.limit)} price={offerPrice(next.id, choice.interval)} />
      )}
      {!mayChange ? (
        <p className={styles["lead"]}>The owner of this workspace can change the plan.</p>
      ) : subscription.subscribedTo ? (
        <SwitchFigures key={choice.interval} choice={choice} from={subscription.subscribedTo} onMonth={byMonth} />
      ) : (
        <PayButton choice={choice} email={me.user.email} onMonth={byMonth}>
          Go on with {next.name}
        </PayButton>
      )}
      {mayChange && decision?.helps.includes("raise_cap") && (
        <LinkButton to="/usage" hash="ai-cost" variant="default" fullWidth onClick={onClose}>
          Raise the cap
        </LinkButton>
      )}
      {mayChange && decision?.helps.includes("own_key") && (
        <LinkButton to="/settings/ai-keys" variant="default" fullWidth onClick={onClose}>
          Use a key of your own
        </LinkButton>
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
export default function UpgradeDialog({ opened, onClose, ask }: UpgradeDialogProps) {
  const title = ask.decision ? stoppedWords(ask.decision).title : "Room for more";
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={460}>
      <div className={styles["dialog"]}>
        <Charlie pose="sitting" size={104} mood={ask.decision ? "puzzled" : "listening"} />
        <Choice ask={ask} onClose={onClose} />
        {ask.decision && <p className={styles["quiet"]}>Reference {ask.decision.id}</p>}
      </div>
    </Modal>
  );
}
