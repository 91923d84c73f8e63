import type { Decision } from "@charlie/contract";

type Listener = (decision: Decision) => void;
const listeners = new Set<Listener>();

/** Tells the page that a limit said no, wherever the call was made; the upgrade dialogue listens. */
export function tellLimit(decision: Decision): void {
  for (const listen of listeners) listen(decision);
}

/** Hears of every limit until the returned function is called. */
export function onLimit(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
