import { createFileRoute } from "@tanstack/react-router";
import { ResetPassword } from "../../../features/identity/ResetPassword.tsx";

interface Search {
  token?: string;
}

export const Route = createFileRoute("/_door/reset-password")({
  validateSearch: ({ token }: Record<string, unknown>): Search => (typeof token === "string" ? { token } : {}),
  component: ResetPassword,
});
