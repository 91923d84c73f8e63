import { createFileRoute } from "@tanstack/react-router";
import { ForgotPassword } from "../../../features/identity/ForgotPassword.tsx";
import { needOwnPasswords } from "../../guard.ts";

export const Route = createFileRoute("/_door/forgot-password")({
  beforeLoad: ({ context }) => needOwnPasswords(context.queryClient),
  component: ForgotPassword,
});
