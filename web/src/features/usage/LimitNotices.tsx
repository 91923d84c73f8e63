import { CloseButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import { TextLink } from "../../ui/LinkButton.tsx";
import { noticesOf, readDismissed, withDismissed } from "./notices.ts";
import styles from "./usage.module.css";

/** Says on every page that a limit is near or met, until it is dismissed: then not again before the count starts anew. */
export function LimitNotices({ workspaceId }: { workspaceId: string }) {
  const { data } = useQuery(queries.usageLimits);
  const [dismissed, setDismissed] = useLocalStorage<string[]>({
    key: `charlie.notices.${workspaceId}`,
    defaultValue: [],
    deserialize: (stored) => readDismissed(stored ?? null),
    // Known at once: what was dismissed never flashes up.
    getInitialValueInEffect: false,
  });
  const shown = data ? noticesOf(data).filter(({ key }) => !dismissed.includes(key)) : [];
  if (shown.length === 0) return null;
  return (
    <aside className={styles["notices"]} aria-label="Near a limit">
      {shown.map(({ key, words, full }) => (
        <div key={key} className={styles["notice"]} data-full={full}>
          <p>
            {words} <TextLink to="/usage">See usage</TextLink>
          </p>
          <CloseButton aria-label="Close this notice" onClick={() => setDismissed(withDismissed(dismissed, key))} />
        </div>
      ))}
    </aside>
  );
}
