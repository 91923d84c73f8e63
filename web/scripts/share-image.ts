/**
 * Draws `public/og.png` and `public/apple-touch-icon.png` anew. Run by hand when Charlie or the words on it change
 * (`npm run draw -w web`): it needs a Chromium, which the build must not. `CHROMIUM` names another one than Debian's.
 */
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { build } from "vite";

interface Drawings {
  renderShare: () => string;
  renderTouchIcon: () => string;
}

const outDir = join(tmpdir(), "charlie-share-image");
await build({ logLevel: "error", build: { ssr: true, outDir }, ssr: { noExternal: true } });
const drawings: Drawings = await import(join(outDir, "render.js"));

const font = fileURLToPath(import.meta.resolve("@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2"));
const fontUrl = `data:font/woff2;base64,${(await readFile(font)).toString("base64")}`;
const css = `
  @font-face { font-family: Figtree; font-weight: 300 900; src: url(${fontUrl}); }
  body { margin: 0; background: #FFFBF5; color: #2B2118; font-family: Figtree; }
  .share { display: flex; align-items: end; justify-content: space-between; height: 570px; padding: 0 40px 60px 80px; border-bottom: 0; }
  .share > div { align-self: center; }
  .share h1 { font-size: 84px; font-weight: 800; letter-spacing: -0.03em; line-height: 1.05; margin: 40px 0 32px; max-width: 600px; }
  .share p { color: #C2410C; font-size: 36px; font-weight: 700; margin: 0; }
  .touch { background: #F3E7D7; display: grid; height: 180px; place-content: center; }`;

const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
for (const [file, width, height, markup] of [
  ["og.png", 1200, 630, drawings.renderShare()],
  ["apple-touch-icon.png", 180, 180, drawings.renderTouchIcon()],
] as const) {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.setContent(`<style>${css}</style>${markup}`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: fileURLToPath(new URL(`../public/${file}`, import.meta.url)) });
}
await browser.close();
