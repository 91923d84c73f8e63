import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";
import styles from "./identity.module.css";

/** In a sandbox: where the letters go that a real service would send. Shows nothing elsewhere. */
export function SandboxHint({ children }: { children: string }) {
  const { data: config } = useQuery(queries.config);
  if (!config?.sandbox || config.mailUrl === null) return null;
  return (
    <p className={styles["hint"]}>
      {children}{" "}
      <a href={config.mailUrl} target="_blank" rel="noreferrer">
        Open the mailbox
      </a>
    </p>
  );
}
