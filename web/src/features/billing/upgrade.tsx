import type { Decision } from "@charlie/contract";
import { createContext, lazy, type ReactNode, Suspense, use, useCallback, useState } from "react";

type Upgrade = (decision?: Decision) => void;

const UpgradeContext = createContext<Upgrade>(() => undefined);
const UpgradeDialog = lazy(() => import("./UpgradeDialog.tsx"));

interface Asked {
  decision: Decision | undefined;
  opened: boolean;
}

/** Holds the upgrade dialogue for everything below it. */
export function UpgradeProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const upgrade = useCallback<Upgrade>((decision) => setAsked({ decision, opened: true }), []);
  return (
    <UpgradeContext value={upgrade}>
      {children}
      {asked && (
        <Suspense>
          <UpgradeDialog {...asked} onClose={() => setAsked({ ...asked, opened: false })} />
        </Suspense>
      )}
    </UpgradeContext>
  );
}

/** Opens the upgrade dialogue, with the decision of the limit that said no where one did. */
export function useUpgrade(): Upgrade {
  return use(UpgradeContext);
}
