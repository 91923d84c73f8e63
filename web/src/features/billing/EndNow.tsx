import { Alert, Button } from "@mantine/core";
import { cancelPlan, planOf, type Subscription } from "@charlie/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call, queries } from "../../api/index.ts";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { formatDate, formatMicros } from "../../ui/format.ts";
import { notifyDone } from "../../ui/toasts.tsx";
import { AsleepAhead } from "../plans/AsleepAhead.tsx";
import styles from "./billing.module.css";
import type { PaidPlan } from "./chosen.ts";
import { allowanceWords } from "./upgrade-words.ts";
import { refreshPlan } from "./use-refresh.ts";

interface EndNowProps {
  subscription: Subscription;
  plan: PaidPlan;
}

/** Ends the plan at once, after saying what that takes away. */
export function EndNow({ subscription: { plan: now, periodEnd, pastDue }, plan }: EndNowProps) {
  const [opened, setOpened] = useState(false);
  const queryClient = useQueryClient();
  const end = useMutation({
    mutationFn: () => call(cancelPlan, { body: { when: "now" } }),
    meta: { quiet: true },
    onSuccess: async (subscription) => {
      queryClient.setQueryData(queries.subscription.queryKey, subscription);
      await refreshPlan(queryClient);
      notifyDone(`${name} has ended. You are on Free now.`);
    },
  });
  const { data: ai } = useQuery(queries.aiUsage);
  const aiMicros = ai?.nextInvoiceMicros ?? 0;
  const { name } = planOf(plan);
  const free = planOf("free").limits;
  return (
    <>
      <Button variant="subtle" color="gray" onClick={() => setOpened(true)}>
        End {name} now
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={`End ${name} now?`}
        confirm={`End ${name} now`}
        onConfirm={() => end.mutateAsync()}
        danger
      >
        {!pastDue && (
          <Alert color="red" variant="light" mb="md" title="This cannot be taken back">
            {periodEnd && `${name} is paid until ${formatDate(periodEnd)}. `}What you paid for the days until then is
            not paid back.
          </Alert>
        )}
        {aiMicros > 0 && (
          <p className={styles["confirm"]}>
            The AI that you used, {formatMicros(aiMicros, "near")}, is charged with a last invoice.
          </p>
        )}
        {now === "free" ? (
          <p className={styles["confirm"]}>You are on Free already and stay there: {name} does not come back.</p>
        ) : (
          <>
            <p className={styles["confirm"]}>
              From this moment you are on Free: {allowanceWords("messagesPerDay", free.messagesPerDay)},{" "}
              {allowanceWords("agents", free.agents)}, {allowanceWords("projects", free.projects)}. Agents and projects
              beyond that fall asleep. Nothing is deleted, and all of it wakes up when you have a plan again.
            </p>
            <AsleepAhead plan="free" />
          </>
        )}
        {pastDue && (
          <p className={styles["confirm"]}>
            What is open for {name} is not owed any more. AI that you used is: where it is on the open invoice, it is
            charged with a last one.
          </p>
        )}
      </ConfirmDialog>
    </>
  );
}
