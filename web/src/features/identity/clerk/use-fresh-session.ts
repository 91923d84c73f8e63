import { useEffect } from "react";
import { useClerkKey } from "./clerk-key.ts";

/** Where Clerk signs people in: has it loaded after the page, so that the session's cookie is fresh for links too. */
export function useFreshSession(): void {
  const publishableKey = useClerkKey();
  useEffect(() => {
    if (publishableKey === null) return;
    // Where it does not load, the next call that is refused tries again.
    void import("./open-clerk.tsx").then(({ openClerk }) => openClerk(publishableKey)).catch(() => {});
  }, [publishableKey]);
}
