import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { notifyError } from "../ui/toasts.tsx";
import { worthRetrying } from "./call.ts";
import { tellLimit } from "./limit-signal.ts";
import { CallError, decisionOf } from "./problem.ts";

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** The form shows this mutation's errors itself; a limit still opens the upgrade dialogue. */
      quiet?: boolean;
    };
  }
}

/** The one cache of the app. `onSignedOut` is called when the server no longer knows who asks. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  /** True where the error has found its place: the upgrade dialogue, or the sign-in page. */
  const placed = (error: unknown): boolean => {
    const decision = decisionOf(error);
    if (decision) tellLimit(decision);
    const signedOut = error instanceof CallError && error.problem.code === "not_signed_in";
    if (signedOut) onSignedOut();
    return decision !== null || signedOut;
  };
  return new QueryClient({
    // "always": a workshop's computer may be offline and its server be on the same table.
    defaultOptions: {
      queries: { staleTime: 15_000, retry: worthRetrying, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
    queryCache: new QueryCache({ onError: (error) => void placed(error) }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!placed(error) && !mutation.meta?.quiet) notifyError(error);
      },
    }),
  });
}
