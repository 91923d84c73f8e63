import type { UsageLimits } from "@charlie/contract";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { queries } from "../../api/index.ts";

/** From this share of the day's messages on, the page tells how many are left. */
const nearlyUsed = 0.8;

/** Messages left today once more than four fifths are used; `null` before that, and without a limit. */
export function leftWhenFew({ messagesPerDay: { used, limit } }: Pick<UsageLimits, "messagesPerDay">): number | null {
  if (limit === null || used <= limit * nearlyUsed) return null;
  return Math.max(0, limit - used);
}

/** `leftWhenFew` of the workspace; `null` too while it is not known. */
export function useMessagesLeft(): number | null {
  const { data } = useQuery(queries.usageLimits);
  return data ? leftWhenFew(data) : null;
}

/** Takes over what an answer told of the messages left today (`null`: no limit), so that nothing has to be asked again. */
export function useCountedMessages(): (left: number | null) => void {
  const queryClient = useQueryClient();
  return (left) => {
    const { queryKey } = queries.usageLimits;
    queryClient.setQueryData(queryKey, (known) => {
      const limit = known?.messagesPerDay.limit;
      if (!known || left === null || limit === null || limit === undefined) return known;
      return { ...known, messagesPerDay: { ...known.messagesPerDay, used: Math.max(0, limit - left) } };
    });
    // The other figures are out of date now; the pages that show them ask anew.
    void queryClient.invalidateQueries({ queryKey: ["usage"], refetchType: "none" });
  };
}
