import { useEffect } from "react";
import { onLimit } from "../api/index.ts";
import { useUpgrade } from "../features/billing/upgrade.tsx";

/** Opens the upgrade dialogue for every limit that says no, wherever the call was made. */
export function LimitListener() {
  const upgrade = useUpgrade();
  useEffect(() => onLimit((decision) => upgrade({ decision })), [upgrade]);
  return null;
}
