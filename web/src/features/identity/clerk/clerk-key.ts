import { type QueryClient, useQuery } from "@tanstack/react-query";
import { queries } from "../../../api/index.ts";

/**
 * Whether this browser was signed in by Clerk the last time, as far as it knows: Clerk notes the time of it in a cookie
 * of ours. Tells without asking anybody; elsewhere there is no such cookie.
 */
export const wasSignedIn = (): boolean => /(^|;\s*)__client_uat(_[\w-]+)?=[1-9]/.test(document.cookie);

/** The key of Clerk's part of the pages; `null` where this service signs people in itself. */
export const findClerkKey = async (queryClient: QueryClient): Promise<string | null> =>
  (await queryClient.ensureQueryData(queries.config)).clerkPublishableKey;

/** As `findClerkKey`, for pages behind the door; nothing is asked where Clerk signed nobody in. */
export function useClerkKey(): string | null {
  const { data } = useQuery({ ...queries.config, enabled: wasSignedIn() });
  return data?.clerkPublishableKey ?? null;
}
