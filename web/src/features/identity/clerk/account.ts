/** Opens Clerk's page of the signed-in person: addresses, password, two factors, devices. Throws `ClerkAway`. */
export async function openAccount(publishableKey: string): Promise<void> {
  const { openClerk } = await import("./open-clerk.tsx");
  (await openClerk(publishableKey)).openUserProfile();
}

/** Ends the session at Clerk, and with it in this browser. Throws `ClerkAway`. */
export async function signOutOfClerk(publishableKey: string): Promise<void> {
  const { openClerk } = await import("./open-clerk.tsx");
  await (await openClerk(publishableKey)).signOut({ redirectUrl: "/sign-in" });
}
