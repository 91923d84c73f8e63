import { Alert, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../../api/index.ts";
import { useUpgrade } from "../../billing/upgrade.tsx";
import { formatUnits } from "../../../ui/format.ts";
import styles from "./wizard.module.css";

/** Says before ten minutes of writing, not after, that the plan's agents are all taken. */
export function NoRoom() {
  const { data } = useQuery(queries.usageLimits);
  const upgrade = useUpgrade();
  if (!data || data.agents.limit === null || data.agents.used < data.agents.limit) return null;
  return (
    <Alert color="gray" variant="light" title={`All ${formatUnits(data.agents.limit, "agent")} of your plan are taken`}>
      <p className={styles["noRoom"]}>
        You can write this one all the same; it stays on this computer. To let him start, delete another one or take a
        larger plan.
      </p>
      <Button variant="default" size="sm" onClick={() => upgrade()}>
        See plans
      </Button>
    </Alert>
  );
}
