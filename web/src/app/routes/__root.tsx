import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import { UpgradeProvider } from "../../features/billing/upgrade.tsx";
import { ConnectionNotice } from "../ConnectionNotice.tsx";
import { FocusOnArrival } from "../FocusOnArrival.tsx";
import { LimitListener } from "../LimitListener.tsx";
import { NotFoundPage } from "../NotFoundPage.tsx";

function Root() {
  return (
    <UpgradeProvider>
      <LimitListener />
      <FocusOnArrival />
      <ConnectionNotice />
      <Outlet />
    </UpgradeProvider>
  );
}

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
  notFoundComponent: NotFoundPage,
});
