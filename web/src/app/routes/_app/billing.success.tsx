import { createFileRoute, redirect } from "@tanstack/react-router";
import { AfterPayment } from "../../../features/billing/AfterPayment.tsx";

export const Route = createFileRoute("/_app/billing/success")({
  // Stripe adds the session's id; who comes without one has not come from a payment.
  beforeLoad: ({ location }) => {
    if (!new URLSearchParams(location.searchStr).has("session_id")) throw redirect({ to: "/settings/billing" });
  },
  component: AfterPayment,
});
