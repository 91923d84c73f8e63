import { type Answers, type Me } from "@charlie/contract";
import { useCallback, useState } from "react";

/** What somebody has written in the wizard so far. */
export interface Draft extends Answers {
  name: string;
  /** The starting point that was taken, by its id. */
  startedFrom: string | null;
}

export const emptyDraft: Draft = { who: "", rules: "", tricks: "", name: "", startedFrom: null };

/** True where there is nothing to lose. */
export const isEmpty = ({ who, rules, tricks, name }: Draft): boolean => (who + rules + tricks + name).trim() === "";

const textIn = (value: object, key: string): string => {
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" ? found : "";
};

/** Reads what was kept; whatever is not a draft reads as an empty one. */
export function parseDraft(kept: string | null): Draft {
  if (kept === null) return emptyDraft;
  try {
    const value: unknown = JSON.parse(kept);
    if (typeof value !== "object" || value === null) return emptyDraft;
    return {
      who: textIn(value, "who"),
      rules: textIn(value, "rules"),
      tricks: textIn(value, "tricks"),
      name: textIn(value, "name"),
      startedFrom: textIn(value, "startedFrom") || null,
    };
  } catch {
    return emptyDraft;
  }
}

/** A browser may refuse to keep things (private windows, a full disk): then the draft lives as long as the page. */
function quietly<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/**
 * The wizard's draft, kept in this browser for this person and workspace with every letter typed: it survives reload,
 * going back, and signing out.
 */
export function useDraft({ user, workspace }: Me) {
  const key = `charlie.draft.${user.id}.${workspace.id}`;
  const [draft, setDraft] = useState(() => parseDraft(quietly(() => localStorage.getItem(key), null)));
  const change = useCallback(
    (part: Partial<Draft>) =>
      setDraft((previous) => {
        const next = { ...previous, ...part };
        quietly(() => localStorage.setItem(key, JSON.stringify(next)), undefined);
        return next;
      }),
    [key],
  );
  /** Forgets what is kept; what is on the page stays until it goes. */
  const forget = useCallback(() => quietly(() => localStorage.removeItem(key), undefined), [key]);
  return { draft, change, forget };
}
