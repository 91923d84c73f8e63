import { Notifications } from "@mantine/notifications";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Theme } from "../theme/Theme.tsx";

interface ProvidersProps {
  queryClient: QueryClient;
  children: ReactNode;
}

/** What every page of the app stands in. What needs the router too stands in `routes/__root.tsx`. */
export function Providers({ queryClient, children }: ProvidersProps) {
  return (
    <Theme>
      <Notifications position="top-center" autoClose={6000} limit={4} />
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </Theme>
  );
}
