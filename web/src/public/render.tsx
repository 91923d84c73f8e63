import { renderToStaticMarkup, renderToString } from "react-dom/server";
import { noncePlaceholder } from "../../pages.ts";
import { Charlie } from "../charlie/Charlie.tsx";
import { Site } from "./Site.tsx";

/** The markup of the public page at `path`, with the nonce's placeholder in it. */
export function renderPage(path: string): string {
  return renderToString(<Site path={path} nonce={noncePlaceholder} />);
}

/** What stands in the app's page until its code has come: Charlie, wagging. */
export function renderSplash(): string {
  return renderToStaticMarkup(
    <div className="splash">
      <Charlie pose="sitting" size={120} wagging title="Loading" />
    </div>,
  );
}

/** The browser tab's icon. */
export function renderIcon(): string {
  const drawing = renderToStaticMarkup(<Charlie size={64} />);
  return drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
}
