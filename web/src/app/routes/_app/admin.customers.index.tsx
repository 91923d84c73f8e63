import { customerGroups } from "@charlie/contract";
import { createFileRoute } from "@tanstack/react-router";
import type { CustomerSearch } from "../../../features/admin/admin-queries.ts";
import { Customers } from "../../../features/admin/Customers.tsx";

function CustomersRoute() {
  const narrow = Route.useSearch();
  return <Customers key={narrow.search} narrow={narrow} />;
}

export const Route = createFileRoute("/_app/admin/customers/")({
  validateSearch: (given: Record<string, unknown>): CustomerSearch => {
    const group = customerGroups.find((each) => each === given["group"]);
    const search = typeof given["search"] === "string" ? given["search"].trim().slice(0, 100) : "";
    return { ...(group && { group }), ...(search && { search }) };
  },
  component: CustomersRoute,
});
