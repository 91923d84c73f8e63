import type { ComponentProps } from "react";
import type { ClerkProvider } from "@clerk/react";

/** Clerk's forms in our colours and type, light and dark. The title stands above them on our page. */
export const appearance: NonNullable<ComponentProps<typeof ClerkProvider>["appearance"]> = {
  variables: {
    colorPrimary: "var(--collar)",
    colorPrimaryForeground: "var(--on-collar)",
    colorForeground: "var(--ink)",
    colorMutedForeground: "var(--quiet)",
    colorNeutral: "var(--ink)",
    colorBackground: "var(--card)",
    colorInput: "var(--card)",
    colorInputForeground: "var(--ink)",
    fontFamily: "inherit",
    borderRadius: "8px",
  },
  elements: { header: { display: "none" } },
};
