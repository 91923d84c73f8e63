import { MantineProvider } from "@mantine/core";
import { setNonce } from "get-nonce";
import type { ReactNode } from "react";
import { cssVariables, theme } from "./theme.ts";

/** The nonce of this page, from the tag that the build writes into it; browsers hide it from `getAttribute`. */
export function readNonce(): string {
  return document.querySelector<HTMLMetaElement>("meta[property='csp-nonce']")?.nonce ?? "";
}

/** Call once before the first render in a browser: styles that libraries write later then carry the page's nonce. */
export function adoptPageNonce(): void {
  setNonce(readNonce());
}

interface ThemeProps {
  children: ReactNode;
  /** Given where there is no document (prerendering); a browser finds its own. */
  nonce?: string;
}

/** Colours, type and light/dark for everything below it. */
export function Theme({ children, nonce }: ThemeProps) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce ?? readNonce()}
    >
      {children}
    </MantineProvider>
  );
}
