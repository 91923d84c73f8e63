import type { Decision } from "@charlie/contract";
import type { ReactNode } from "react";

/** Holds the upgrade dialogue for everything below it. */
export function UpgradeProvider({ children }: { children: ReactNode }) {
  return children;
}

/** Opens the upgrade dialogue, with the decision of the limit that said no where one did. */
export function useUpgrade(): (decision?: Decision) => void {
  return () => window.location.assign("/pricing");
}
