import { Button } from "@mantine/core";
import { planOf, previewSwitch, type SwitchPreview } from "@charlie/contract";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/index.ts";
import { formatCents } from "../../ui/format.ts";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { AsleepAhead } from "../plans/AsleepAhead.tsx";
import styles from "./billing.module.css";
import type { PaidPlan } from "./chosen.ts";
import { Refusal } from "./Refusal.tsx";
import { lessRoom, switchWords } from "./switch-words.ts";
import { type Choice, codeOf, useSwitch } from "./use-checkout.ts";

interface SwitchFiguresProps {
  choice: Choice;
  /** The plan that is paid for now. */
  from: PaidPlan;
  onMonth: () => void;
}

function Lines({ lines }: Pick<SwitchPreview, "lines">) {
  return (
    <dl className={styles["lines"]}>
      {lines.map(({ description, amountCents }, index) => (
        // Two lines may say the same.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index}>
          <dt>{description}</dt>
          <dd>{formatCents(amountCents)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What changing to this plan costs now and then; below it the button that agrees and pays. Nothing is changed before that. */
export function SwitchFigures({ choice, from, onMonth }: SwitchFiguresProps) {
  const change = useSwitch();
  const [changed, setChanged] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["billing", "preview", choice],
    queryFn: ({ signal }) => call(previewSwitch, { body: choice }, { signal }),
    // The amounts change by the second: each look is a new one.
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  const refused = change.error ?? error;
  if (refused && !isFetching) return <Refusal error={refused} choice={choice} onMonth={onMonth} />;
  if (!data) return <SkeletonLines count={4} />;
  const words = switchWords(data);
  const agree = () =>
    change.mutate(data, {
      onError: (problem) => {
        if (codeOf(problem) !== "amounts_outdated") return;
        // Nothing was charged: today's amounts take their place, to be agreed to anew.
        change.reset();
        setChanged(true);
        void refetch();
      },
    });
  const less = lessRoom(from, choice.plan);
  return (
    <>
      <div className={styles["figures"]} role="status">
        {changed && (
          <p className={styles["plain"]}>
            The amounts have changed since you looked, and nothing was charged. These are the new ones.
          </p>
        )}
        <p className={styles["due"]}>
          <span>Charged now</span>
          <strong>{words.now}</strong>
        </p>
        <Lines lines={data.lines} />
        {words.credit && <p className={styles["plain"]}>{words.credit}</p>}
        <p className={styles["plain"]}>
          <strong>From then on:</strong> {words.later}
        </p>
      </div>
      {less.length > 0 && (
        <p className={styles["plain"]}>
          {planOf(choice.plan).name} has room for {less.join(", ")}. Agents and projects beyond that fall asleep;
          nothing is deleted, and they wake up when you come back.
        </p>
      )}
      {less.length > 0 && <AsleepAhead plan={choice.plan} />}
      <Button size="lg" fullWidth loading={change.isPending || change.isSuccess || isFetching} onClick={agree}>
        {words.agree}
      </Button>
      <p className={styles["quiet"]}>{words.after}</p>
    </>
  );
}
