import { Button, Group, Progress, TextInput, Title } from "@mantine/core";
import { type AiSpend, setSpendCap, type UsageLimits } from "@charlie/contract";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call, queries } from "../../api/index.ts";
import { BigNumber } from "../../ui/BigNumber.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatDate, formatMicros } from "../../ui/format.ts";
import { notifyDone } from "../../ui/toasts.tsx";
import { useFields } from "../../ui/use-fields.ts";
import { FormProblem } from "../identity/FormProblem.tsx";
import { capFault, microsOfDollars } from "./cap-words.ts";
import { CapForecast } from "./Forecasts.tsx";
import styles from "./usage.module.css";

/** Sets another cap, in dollars; an empty field takes the plan's usual one. */
function CapForm({ spend, onClose }: { spend: AiSpend; onClose: () => void }) {
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (capMicros: number | null) => call(setSpendCap, { body: { capMicros } }),
    meta: { quiet: true },
    onSuccess: (limits) => {
      queryClient.setQueryData(queries.usageLimits.queryKey, limits);
      notifyDone("The cap is saved.");
      onClose();
    },
  });
  const { form, field } = useFields({
    initial: { cap: spend.own === null ? "" : String(spend.own / 1e6) },
    check: ({ cap }) => ({ cap: capFault(cap, spend.most) }),
    onSubmit: ({ cap }) => save.mutate(cap.trim() === "" ? null : microsOfDollars(cap)),
  });
  return (
    <form {...form} className={styles["capForm"]}>
      <FormProblem error={save.error} />
      <TextInput
        label="Cap in dollars"
        description={`Up to ${formatMicros(spend.most)}. Leave it empty for the usual cap of your plan.`}
        inputMode="decimal"
        autoFocus
        {...field("cap")}
      />
      <Group gap="xs">
        <Button type="submit" size="sm" loading={save.isPending}>
          Save cap
        </Button>
        <Button variant="subtle" color="gray" size="sm" onClick={onClose}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}

function Cap({ spend }: { spend: AiSpend }) {
  const { data: me } = useSuspenseQuery(queries.me);
  const [changing, setChanging] = useState(false);
  const mayChange = me.workspace.role === "owner" || me.workspace.role === "admin";
  const share = spend.limit === 0 ? 100 : Math.min(100, (spend.used / spend.limit) * 100);
  return (
    <>
      <Progress.Root size="lg">
        <Progress.Section
          value={share}
          color={spend.full ? "red" : "collar"}
          aria-label="Used of the cap"
          aria-valuetext={`${formatMicros(spend.used)} of ${formatMicros(spend.limit)}`}
        />
      </Progress.Root>
      <CapForecast spend={spend} />
      {spend.held > 0 && (
        <p className={styles["plan"]}>
          Up to {formatMicros(spend.held, "up")} more is held for answers that are running. What they don’t need comes
          back.
        </p>
      )}
      {changing && <CapForm spend={spend} onClose={() => setChanging(false)} />}
      {!changing && (
        <p className={styles["plan"]}>
          Never more than the cap.{" "}
          {mayChange && (
            <Button variant="subtle" size="compact-sm" onClick={() => setChanging(true)}>
              Change the cap
            </Button>
          )}
        </p>
      )}
    </>
  );
}

/** What AI cost in this billing period, and the cap on it. With the practice brain or an own key it is nothing here. */
export function AiCost({ plan, aiSpend: spend }: Pick<UsageLimits, "plan" | "aiSpend">) {
  const { data, error, refetch } = useQuery(queries.usageCurrent);
  const cost = data?.metrics.find(({ metric }) => metric === "ai_cost_micros");
  const own = data?.metrics.find(({ metric }) => metric === "own_key_micros");
  const title = (
    <Title order={2} size="h4" id="ai-cost">
      AI cost
    </Title>
  );
  if (error && !data) {
    return (
      <section className={styles["card"]} aria-labelledby="ai-cost">
        {title}
        <ErrorState error={error} onRetry={() => void refetch()} />
      </section>
    );
  }
  if (!cost) return null;
  return (
    <section className={styles["card"]} aria-labelledby="ai-cost">
      {title}
      <BigNumber
        label={`Since ${formatDate(cost.periodStart)}`}
        value={formatMicros(spend?.used ?? cost.value)}
        unit={spend ? `of ${formatMicros(spend.limit)}${plan === "free" ? " of free AI" : ""}` : ""}
        changes={`Starts again on ${formatDate(cost.periodEnd)} (UTC)`}
      />
      {spend && (
        <p className={styles["quiet"]}>
          {plan === "free"
            ? "You are not charged for it."
            : "You are charged at cost. Answers that failed count for the cap only: you are not charged for them."}
        </p>
      )}
      {spend && <Cap spend={spend} />}
      {own && own.value > 0 && (
        <p className={styles["plan"]}>
          With your own keys about {formatMicros(own.value)} more at your provider, who charges you for it.
        </p>
      )}
    </section>
  );
}
