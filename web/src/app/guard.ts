import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";
import { isSignedIn, queries, statusOf } from "../api/index.ts";
import { type Chosen, readChosen } from "../features/billing/chosen.ts";
import { findClerkKey, wasSignedIn } from "../features/identity/clerk/clerk-key.ts";

/** With the plan they chose on the pricing page. */
export interface DoorSearch extends Chosen {
  /** Where the person wanted to go: an address inside the app. */
  to?: string;
}

/** Reads the search part of sign-in and sign-up. An address that leads outside the app is dropped. */
export function readDoorSearch(search: Record<string, unknown>): DoorSearch {
  const { to } = search;
  const inside = typeof to === "string" && /^\/(?![/\\])/.test(to) && !to.startsWith("/sign-");
  return { ...(inside && { to }), ...readChosen(search) };
}

/** For routes behind the door: makes sure that `me` is there, or leads to the sign-in page and back afterwards. */
export async function needSignIn(queryClient: QueryClient, href: string): Promise<void> {
  try {
    await queryClient.ensureQueryData(queries.me);
  } catch (error) {
    if (statusOf(error) === 401) throw redirect({ to: "/sign-in", search: href === "/home" ? {} : { to: href } });
    throw error;
  }
}

/** Whether this browser is signed in, as far as can be told without a refusal. */
export async function isInside(queryClient: QueryClient): Promise<boolean> {
  try {
    return (await findClerkKey(queryClient)) === null ? await isSignedIn() : wasSignedIn();
  } catch {
    return false;
  }
}

/** For sign-in and sign-up: who is in already goes on to where they wanted to. */
export async function needStranger(queryClient: QueryClient, { to, ...chosen }: DoorSearch): Promise<void> {
  // Where nobody answers, the form is the better page: sending it says what is wrong. Clerk's own form looks for itself.
  const clerk = await findClerkKey(queryClient).catch(() => null);
  if (clerk !== null || !(await isInside(queryClient))) return;
  throw to ? redirect({ href: to }) : redirect({ to: "/home", search: chosen });
}

/** For the pages of passwords, which are Clerk's where it signs people in. */
export async function needOwnPasswords(queryClient: QueryClient): Promise<void> {
  if ((await findClerkKey(queryClient).catch(() => null)) !== null) throw redirect({ to: "/sign-in" });
}
