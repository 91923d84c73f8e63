import type { Decision } from "@charlie/contract";
import { createContext, lazy, type ReactNode, Suspense, use, useCallback, useRef, useState } from "react";

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
  // Mantine gives the focus back only where a dialogue was in the page before it opened (`useAsked`).
  const before = useRef<Element | null>(null);
  const upgrade = useCallback<Upgrade>((decision) => {
    before.current = document.activeElement;
    setAsked({ decision, opened: true });
  }, []);
  const close = () => {
    setAsked((now) => now && { ...now, opened: false });
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
  };
  return (
    <UpgradeContext value={upgrade}>
      {children}
      {asked && (
        <Suspense>
          <UpgradeDialog {...asked} onClose={close} />
        </Suspense>
      )}
    </UpgradeContext>
  );
}

/** Opens the upgrade dialogue, with the decision of the limit that said no where one did. */
export function useUpgrade(): Upgrade {
  return use(UpgradeContext);
}
