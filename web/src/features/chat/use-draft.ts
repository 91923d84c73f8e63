import { useState } from "react";

/** A text that survives a reload of this tab. */
export function useDraft(name: string): [text: string, setText: (text: string) => void] {
  const key = `charlie.draft.${name}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? "");
  const keep = (next: string) => {
    setText(next);
    if (next === "") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, next);
  };
  return [text, keep];
}
