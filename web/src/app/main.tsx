import "./without-eval.ts";
import "../theme/base.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { adoptPageNonce } from "../theme/Theme.tsx";
import { Providers } from "./Providers.tsx";
import { queryClient, router } from "./router.tsx";

adoptPageNonce();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Providers queryClient={queryClient}>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
