import { type RefObject, useLayoutEffect } from "react";

/**
 * Sets `--reach` on an element: the height with which it ends at the bottom of the window before anything is scrolled.
 * What stands above it (the agent's head, a notice) may change its height at any time.
 */
export function useReachBottom(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const reach = () => {
      if (!element.current) return;
      const top = element.current.getBoundingClientRect().top + window.scrollY;
      element.current.style.setProperty("--reach", `calc(100dvh - ${Math.ceil(top)}px)`);
    };
    reach();
    const observer = new ResizeObserver(reach);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
}
