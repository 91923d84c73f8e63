import { useRef } from "react";
import type { Ask } from "./transport.ts";

/**
 * Gives each question its `Idempotency-Key`. Until `answered` is called, the same question asked again gets the same
 * key: the first one may have arrived although nothing came back.
 */
export function useAskKey(): { keyFor: (ask: Ask) => string; answered: () => void } {
  const open = useRef<{ ask: string; key: string } | null>(null);
  return {
    keyFor(ask) {
      const wanted = JSON.stringify(ask);
      if (open.current?.ask !== wanted) open.current = { ask: wanted, key: crypto.randomUUID() };
      return open.current.key;
    },
    answered() {
      open.current = null;
    },
  };
}
