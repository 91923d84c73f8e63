import type { Decision } from "@charlie/contract";
import { createContext, lazy, type ReactNode, Suspense, use, useCallback, useRef, useState } from "react";
import type { Chosen } from "./chosen.ts";

/** Why the dialogue opens: a limit said no, or somebody chose a plan. Without either it shows the next plan up. */
export interface Ask extends Chosen {
  decision?: Decision;
}

type Upgrade = (ask?: Ask) => void;

const UpgradeContext = createContext<Upgrade>(() => undefined);
const UpgradeDialog = lazy(() => import("./UpgradeDialog.tsx"));

interface Asked {
  ask: Ask;
  opened: boolean;
}

/** Holds the upgrade dialogue for everything below it. */
export function UpgradeProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  // Mantine gives the focus back only where a dialogue was in the page before it opened (`useAsked`).
  const before = useRef<Element | null>(null);
  const upgrade = useCallback<Upgrade>((ask = {}) => {
    before.current = document.activeElement;
    setAsked({ ask, opened: true });
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

/** Opens the upgrade dialogue. */
export function useUpgrade(): Upgrade {
  return use(UpgradeContext);
}
