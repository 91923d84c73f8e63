import { Theme } from "../theme/Theme.tsx";

interface SiteProps {
  path: string;
  nonce?: string;
}

/** The public page at `path`, the same on the prerendering machine and in the browser. */
export function Site({ path, nonce }: SiteProps) {
  return <Theme {...(nonce ? { nonce } : {})}>{path}</Theme>;
}
