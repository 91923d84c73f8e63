import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

/**
 * After going to another page, the keyboard and screen readers start at its content, as they would on a page that was
 * loaded anew. A page that puts the focus into a field of its own keeps it.
 */
export function FocusOnArrival() {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe("onRendered", ({ fromLocation, toLocation }) => {
        if (!fromLocation || fromLocation.pathname === toLocation.pathname) return;
        const content = document.getElementById("content");
        if (content && !content.contains(document.activeElement)) content.focus({ preventScroll: true });
      }),
    [router],
  );
  return null;
}
