import { createFileRoute, notFound } from "@tanstack/react-router";
import { queries } from "../../../api/index.ts";
import { AdminLayout } from "../../../features/admin/AdminLayout.tsx";

export const Route = createFileRoute("/_app/admin")({
  beforeLoad: async ({ context }) => {
    // As if it were not there; the server says the same.
    if (!(await context.queryClient.ensureQueryData(queries.me)).operator) throw notFound();
  },
  component: AdminLayout,
});
