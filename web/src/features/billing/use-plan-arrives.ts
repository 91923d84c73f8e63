import { refreshSubscription, type Subscription } from "@charlie/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call, queries } from "../../api/index.ts";
import { isRunning } from "./billing-words.ts";

const everyMs = 2_000;
/** Somebody who has paid should not look at a wagging tail for longer than this. */
const patienceMs = 20_000;

export type Arrival = { state: "waiting" | "late" } | { state: "here"; subscription: Subscription };

/**
 * After a payment: asks how the plan stands until it runs, for 20 seconds at most. `again` starts another 20 seconds.
 */
export function usePlanArrives(): { arrival: Arrival; again: () => void } {
  const queryClient = useQueryClient();
  const [late, setLate] = useState(false);
  const { data, refetch } = useQuery({
    queryKey: ["billing", "refresh"],
    queryFn: ({ signal }) => call(refreshSubscription, {}, { signal }),
    retry: false,
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
    enabled: !late,
    refetchInterval: ({ state }) => (late || (state.data && isRunning(state.data)) ? false : everyMs),
    refetchIntervalInBackground: true,
  });
  const running = data && isRunning(data) ? data : null;
  const arrived = running !== null;

  useEffect(() => {
    if (arrived || late) return;
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, [arrived, late]);

  useEffect(() => {
    if (!running) return;
    queryClient.setQueryData(queries.subscription.queryKey, running);
    for (const queryKey of [
      ["me"],
      ["usage"],
      ["brains"],
      ["agents"],
      ["projects"],
      ["plan-fit"],
      queries.invoices.queryKey,
    ]) {
      void queryClient.invalidateQueries({ queryKey });
    }
  }, [queryClient, running]);

  const again = () => {
    setLate(false);
    void refetch();
  };
  if (running) return { arrival: { state: "here", subscription: running }, again };
  return { arrival: { state: late ? "late" : "waiting" }, again };
}
