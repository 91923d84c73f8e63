import { type RefObject, useLayoutEffect } from "react";

/**
 * Makes an element reach at least to the bottom of the window, wherever it begins: what stands above it (the agent's
 * head, a notice) may change its height at any time.
 */
export function useReachBottom(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const reach = () => {
      if (!element.current) return;
      const top = element.current.getBoundingClientRect().top + window.scrollY;
      element.current.style.setProperty("min-height", `calc(100dvh - ${Math.ceil(top)}px)`);
    };
    reach();
    const observer = new ResizeObserver(reach);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
}
