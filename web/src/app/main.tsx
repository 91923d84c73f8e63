import "./without-eval.ts";
import "../theme/base.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import { Notifications } from "@mantine/notifications";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { adoptPageNonce, Theme } from "../theme/Theme.tsx";
import { router } from "./router.tsx";

adoptPageNonce();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Theme>
      <Notifications position="bottom-center" autoClose={6000} />
      <RouterProvider router={router} />
    </Theme>
  </StrictMode>,
);
