import { createFileRoute } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { Billing } from "../../../features/billing/Billing.tsx";

export const Route = createFileRoute("/_app/settings/billing")({
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(queries.subscription);
    void context.queryClient.prefetchQuery(queries.invoices);
  },
  component: Billing,
});
