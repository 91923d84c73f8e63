import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { callAuth } from "../../api/index.ts";
import { signOutOfClerk } from "./clerk/account.ts";
import { findClerkKey } from "./clerk/clerk-key.ts";

/** Ends the session in this browser, forgets what was fetched for it, and goes to the sign-in page. */
export function useSignOut(): () => void {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { mutate } = useMutation({
    mutationFn: async () => {
      const clerk = await findClerkKey(queryClient);
      await (clerk === null ? callAuth("sign-out") : signOutOfClerk(clerk));
    },
    onSuccess: async () => {
      await navigate({ to: "/sign-in" });
      queryClient.clear();
    },
  });
  return mutate;
}
