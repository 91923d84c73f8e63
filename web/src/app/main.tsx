import "./without-eval.ts";
import "../theme/base.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { adoptPageNonce } from "../theme/Theme.tsx";
import { queries, statusOf } from "../api/index.ts";
import { watchErrors } from "../reports/watch-errors.ts";
import { Providers } from "./Providers.tsx";
import { queryClient, router } from "./router.tsx";

const rootOptions = watchErrors({
  workspaceId: () => queryClient.getQueryData(queries.me.queryKey)?.workspace.id,
  // What the server refused it has reported itself, where that was its own fault.
  ignore: (error) => statusOf(error) !== null,
});
adoptPageNonce();
createRoot(document.getElementById("root")!, rootOptions).render(
  <StrictMode>
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
