import { createRouter } from "@tanstack/react-router";
import { makeQueryClient, queries, renewSessionBy } from "../api/index.ts";
import { findClerkKey, wasSignedIn } from "../features/identity/clerk/clerk-key.ts";
import { NotFound } from "./NotFound.tsx";
import { PageError } from "./PageError.tsx";
import { PagePending } from "./PagePending.tsx";
import { routeTree } from "./routeTree.gen.ts";

/** Several calls hear at once that a session has ended; within this time, in ms, one of them leads away. */
const oneLeaving = 1_000;
let leftAt = 0;

export const queryClient = makeQueryClient(() => {
  // Before anybody was known, the guard of the route sends to the sign-in page; here a session ended meanwhile.
  if (!queryClient.getQueryData(queries.me.queryKey) || Date.now() - leftAt < oneLeaving) return;
  leftAt = Date.now();
  const back = { to: router.state.location.href };
  // What was fetched goes when its page has gone: a page that is still shown would fetch it again, and fail.
  void router.navigate({ to: "/sign-in", search: back }).then(() => queryClient.clear());
});

renewSessionBy(async () => {
  if (!wasSignedIn()) return false;
  const publishableKey = await findClerkKey(queryClient);
  if (publishableKey === null) return false;
  const { renewToken } = await import("../features/identity/clerk/open-clerk.tsx");
  return renewToken(publishableKey);
});

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  // The query cache decides how long what was fetched stays fresh.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 300,
  defaultPendingMinMs: 200,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
