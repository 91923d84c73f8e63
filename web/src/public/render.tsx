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

/** What other sites show beside a link to this one: 1200 by 630, to be photographed by `scripts/share-image.ts`. */
export function renderShare(): string {
  return renderToStaticMarkup(
    <div className="share">
      <div>
        <h1>Teach an AI agent in three answers</h1>
        <p>Teach Charlie</p>
      </div>
      <Charlie pose="sitting" size={430} mood="answering" />
    </div>,
  );
}

/** The icon on a phone's home screen: a full square, the phone rounds it. */
export function renderTouchIcon(): string {
  return renderToStaticMarkup(
    <div className="touch">
      <Charlie size={160} />
    </div>,
  );
}
