import { setAnalyticsConsent } from "@charlie/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call, queries } from "../../api/index.ts";

/** Keeps a yes or a no with the account. */
export function useConsent() {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (consent: boolean) => call(setAnalyticsConsent, { body: { consent } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queries.me.queryKey }),
  });
  return { decide: mutate, isPending };
}
