import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { adminQueries } from "../../../features/admin/admin-queries.ts";
import { CustomerPage } from "../../../features/admin/CustomerPage.tsx";

function CustomerRoute() {
  const { customerId } = Route.useParams();
  const { data } = useSuspenseQuery(adminQueries.customer(customerId));
  return <CustomerPage customer={data} />;
}

export const Route = createFileRoute("/_app/admin/customers/$customerId")({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(adminQueries.customer(params.customerId)),
  component: CustomerRoute,
});
