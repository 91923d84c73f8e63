import { createFileRoute } from "@tanstack/react-router";
import { ResetPassword } from "../../../features/identity/ResetPassword.tsx";
import { needOwnPasswords } from "../../guard.ts";

interface Search {
  token?: string;
}

export const Route = createFileRoute("/_door/reset-password")({
  validateSearch: ({ token }: Record<string, unknown>): Search => (typeof token === "string" ? { token } : {}),
  beforeLoad: ({ context }) => needOwnPasswords(context.queryClient),
  component: ResetPassword,
});
