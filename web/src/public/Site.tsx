import { Theme } from "../theme/Theme.tsx";
import { Frame } from "./Frame.tsx";
import { Home } from "./Home.tsx";
import { NotFound } from "./NotFound.tsx";
import { Pricing } from "./Pricing.tsx";

interface SiteProps {
  path: string;
  nonce?: string;
}

function pageAt(path: string) {
  if (path === "/") return <Home />;
  return path === "/pricing" ? <Pricing /> : <NotFound />;
}

/** The public page at `path`, the same on the prerendering machine and in the browser. */
export function Site({ path, nonce }: SiteProps) {
  return (
    <Theme {...(nonce ? { nonce } : {})}>
      <Frame path={path}>{pageAt(path)}</Frame>
    </Theme>
  );
}
