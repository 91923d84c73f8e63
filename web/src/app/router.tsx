import { createRouter } from "@tanstack/react-router";
import { makeQueryClient, queries } from "../api/index.ts";
import { NotFound } from "./NotFound.tsx";
import { PageError } from "./PageError.tsx";
import { PagePending } from "./PagePending.tsx";
import { routeTree } from "./routeTree.gen.ts";

export const queryClient = makeQueryClient(() => {
  // Before anybody was known, the guard of the route sends to the sign-in page; here a session ended meanwhile.
  if (!queryClient.getQueryData(queries.me.queryKey)) return;
  queryClient.clear();
  void router.navigate({ to: "/sign-in", search: { to: router.state.location.href } });
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
