import { useRef, useState } from "react";

/**
 * State for dialogues that load when they are first asked for. Mantine gives the focus back only where a dialogue was
 * in the page before it opened, so `close` does: put `opener` on the button that leads there.
 */
export function useAsked<T extends string>() {
  const [asked, setAsked] = useState<{ what: T; opened: boolean } | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  return {
    /** What was asked for last; it stays in the page while it closes. */
    asked,
    opener,
    ask: (what: T) => setAsked({ what, opened: true }),
    close: () => {
      setAsked((before) => before && { ...before, opened: false });
      opener.current?.focus();
    },
  };
}
