import { Badge, Button, Title } from "@mantine/core";
import {
  checkLaunch,
  type Launch as LaunchState,
  type LaunchCheck,
  launchGroupNames,
  operationNames,
} from "@charlie/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/index.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { formatDateTime } from "../../ui/format.ts";
import { SkeletonLines } from "../../ui/Skeletons.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { adminQueries } from "./admin-queries.ts";
import styles from "./admin.module.css";
import { operationTexts, outcomeWords, stateMarks, verdictWords, whyWords } from "./launch-words.ts";

function Found({ check }: { check: LaunchCheck }) {
  const { label, color } = stateMarks[check.state];
  return (
    <li>
      <div className={styles["between"]}>
        <strong>{check.looksAt}</strong>
        <Badge color={color} variant="light" miw="max-content">
          {label}
        </Badge>
      </div>
      <span className={`${styles["small"]} ${styles["lines"]}`}>
        {launchGroupNames[check.group]} · {check.found}
      </span>
      {check.todo !== null && <p>{check.todo}</p>}
    </li>
  );
}

/** The checks of some states, the first state's first. */
function Part({
  title,
  checks,
  states,
}: {
  title: string;
  checks: readonly LaunchCheck[];
  states: LaunchCheck["state"][];
}) {
  const mine = states.flatMap((state) => checks.filter((check) => check.state === state));
  if (mine.length === 0) return null;
  return (
    <section>
      <Title order={2} mb="sm">
        {title}
      </Title>
      <ol className={styles["entries"]}>
        {mine.map((check) => (
          <Found key={check.id} check={check} />
        ))}
      </ol>
    </section>
  );
}

/** Backups, their test and the certificate: how each ended last. */
function Lately({ operations }: Pick<LaunchState, "operations">) {
  return (
    <section>
      <Title order={2} mb="sm">
        Done lately
      </Title>
      <div className={styles["cards"]}>
        {operationNames.map((name) => {
          const { title, never } = operationTexts[name];
          const last = operations.find((each) => each.name === name);
          const why = last ? whyWords(last) : null;
          return (
            <div key={name} className={styles["card"]}>
              <Title order={3}>{title}</Title>
              <p className={styles["anywhere"]}>{last ? outcomeWords(last) : never}</p>
              {why !== null && <p className={`${styles["small"]} ${styles["anywhere"]}`}>{why}</p>}
            </div>
          );
        })}
      </div>
    </section>
  );
}

/** What has to be in order before money is taken, and whether it is. */
export function Launch() {
  useTitle("Launch");
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(adminQueries.launch);
  const check = useMutation({
    mutationFn: () => call(checkLaunch, {}),
    onSuccess: (found) => queryClient.setQueryData(adminQueries.launch.queryKey, found),
  });
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines count={6} height={40} />;
  const { checked, operations } = data;
  return (
    <div className={styles["stack"]}>
      <div className={styles["card"]}>
        <div role="status">
          <p>{checked ? verdictWords(checked) : "Not looked at yet. Checking asks every service that you use."}</p>
          {checked && <span className={styles["small"]}>Checked on {formatDateTime(checked.at)}</span>}
        </div>
        {check.error && <p role="alert">{check.error.message}</p>}
        <div>
          <Button loading={check.isPending} onClick={() => check.mutate()}>
            {checked ? "Check again" : "Check now"}
          </Button>
        </div>
      </div>
      {checked && <Part title="To do" checks={checked.checks} states={["failed", "missing"]} />}
      <Lately operations={operations} />
      {checked && <Part title="In order" checks={checked.checks} states={["ok"]} />}
      {checked && <Part title="Not used" checks={checked.checks} states={["unused"]} />}
    </div>
  );
}
