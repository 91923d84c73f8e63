import { ClerkFailed, ClerkLoaded, ClerkProvider, useClerk } from "@clerk/react";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { readNonce } from "../../../theme/Theme.tsx";
import { appearance } from "./appearance.ts";

/** This file, and Clerk with it, is loaded only where Clerk signs people in: import it by `import()`. */

export type Clerk = ReturnType<typeof useClerk>;

/** Clerk's part could not be loaded: its servers are away, or something between keeps them out. */
export class ClerkAway extends Error {}

function Known({ tell }: { tell: (clerk: Clerk) => void }) {
  const clerk = useClerk();
  useEffect(() => tell(clerk), [clerk, tell]);
  return null;
}

function Failed({ tell }: { tell: () => void }) {
  useEffect(tell, [tell]);
  return null;
}

let opened: Promise<Clerk> | null = null;

/**
 * Clerk, loaded and knowing who is signed in. From then on it keeps the session's cookie fresh by itself. It stands
 * beside the app's tree, because the guards of the routes have to wait for it before there is a page.
 * Throws `ClerkAway`; asked again, it tries again.
 */
export function openClerk(publishableKey: string): Promise<Clerk> {
  opened ??= new Promise<Clerk>((resolve, reject) => {
    const root = createRoot(document.createElement("div"));
    const fail = () => {
      opened = null;
      // Not while it is being drawn.
      setTimeout(() => root.unmount());
      reject(new ClerkAway());
    };
    root.render(
      <ClerkProvider
        publishableKey={publishableKey}
        nonce={readNonce()}
        telemetry={false}
        signInUrl="/sign-in"
        signUpUrl="/sign-up"
        afterSignOutUrl="/sign-in"
        appearance={appearance}
      >
        <ClerkLoaded>
          <Known tell={resolve} />
        </ClerkLoaded>
        <ClerkFailed>
          <Failed tell={fail} />
        </ClerkFailed>
      </ClerkProvider>,
    );
  });
  return opened;
}

let renewing: Promise<boolean> | null = null;

async function renew(publishableKey: string): Promise<boolean> {
  try {
    const clerk = await openClerk(publishableKey);
    const token = await clerk.session?.getToken({ skipCache: true });
    return Boolean(token);
  } catch {
    // Clerk is away or says no; whoever asked hears that nobody is signed in.
    return false;
  } finally {
    renewing = null;
  }
}

/** Has Clerk put a fresh token into the session's cookie. `false` where nobody is signed in. Calls at once ask once. */
export const renewToken = (publishableKey: string): Promise<boolean> => (renewing ??= renew(publishableKey));
