import { createFileRoute } from "@tanstack/react-router";
import { ForgotPassword } from "../../../features/identity/ForgotPassword.tsx";

export const Route = createFileRoute("/_door/forgot-password")({ component: ForgotPassword });
