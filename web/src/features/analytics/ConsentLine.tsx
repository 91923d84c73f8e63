import { Button, Group } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import styles from "./analytics.module.css";
import { useConsent } from "./use-consent.ts";

/** Asks once, on every page until it is answered, where whoever runs the service counts what people do. */
export function ConsentLine() {
  const { data: config } = useQuery(queries.config);
  const { data: me } = useSuspenseQuery(queries.me);
  const { decide, isPending } = useConsent();
  if (!config?.analytics || me.user.analyticsConsent !== null) return null;
  return (
    <aside className={styles["line"]} aria-label="May we count?">
      <p>
        May we count which steps you take here, so that we see where people get stuck? Never what you write. You can
        change your mind in Settings.
      </p>
      <Group gap="xs" wrap="nowrap">
        <Button variant="default" size="xs" disabled={isPending} onClick={() => decide(false)}>
          No, thanks
        </Button>
        <Button variant="default" size="xs" disabled={isPending} onClick={() => decide(true)}>
          Yes, count
        </Button>
      </Group>
    </aside>
  );
}
