/**
 * Last step of `npm run build`: writes each public page out whole, and what is drawn from Charlie (icon, splash).
 * Reads `dist/client` and `dist/prerender`, which the two Vite builds left there.
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clientDir, escaped, notFoundPage, originPlaceholder, publicPages } from "../pages.ts";

interface Renderer {
  renderPage: (path: string) => string;
  renderSplash: () => string;
  renderIcon: () => string;
}

const prerenderDir = join(clientDir, "../prerender/");
const renderer: Renderer = await import(join(prerenderDir, "render.js"));

/** The tag that fetches the one font every page needs, before its CSS asks for it. */
async function fontPreload(): Promise<string> {
  const font = (await readdir(join(clientDir, "assets"))).find((name) => name.startsWith("figtree-latin-wght-normal"));
  if (!font) throw new Error("The build holds no figtree-latin-wght-normal font");
  return `<link rel="preload" href="/assets/${font}" as="font" type="font/woff2" crossorigin />`;
}

const preload = await fontPreload();
const template = await readFile(join(clientDir, "public.html"), "utf8");
for (const { path, file, title, description } of [...publicPages, notFoundPage]) {
  const head = [
    preload,
    `<meta name="description" content="${escaped(description)}" />`,
    `<meta property="og:title" content="${escaped(title)}" />`,
    `<meta property="og:description" content="${escaped(description)}" />`,
    `<link rel="canonical" href="${originPlaceholder}${path}" />`,
    `<meta property="og:type" content="website" />`,
    `<meta property="og:url" content="${originPlaceholder}${path}" />`,
    `<meta name="twitter:card" content="summary_large_image" />`,
    `<meta property="og:image" content="${originPlaceholder}/og.png" />`,
  ].join("\n    ");
  const html = template
    .replace("<!--head-->", () => head)
    .replace("<title>Teach Charlie</title>", () => `<title>${escaped(title)}</title>`)
    .replace("<!--body-->", () => renderer.renderPage(path));
  await writeFile(join(clientDir, file), html);
}

const appFile = join(clientDir, "app.html");
const app = await readFile(appFile, "utf8");
await writeFile(appFile, app.replace("<!--head-->", preload).replace("<!--body-->", renderer.renderSplash));
await writeFile(join(clientDir, "favicon.svg"), renderer.renderIcon());

await rm(join(clientDir, "public.html"));
await rm(prerenderDir, { recursive: true });
