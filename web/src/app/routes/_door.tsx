import { createFileRoute, Outlet } from "@tanstack/react-router";
import { queries } from "../../api/index.ts";
import { PlainFrame } from "../shell/PlainFrame.tsx";

export const Route = createFileRoute("/_door")({
  loader: ({ context }) => void context.queryClient.prefetchQuery(queries.config),
  component: () => (
    <PlainFrame>
      <Outlet />
    </PlainFrame>
  ),
});
