/**
 * Two pages from one client build: `public.html` (home, pricing: no router, query or sign-in code) and `app.html`
 * (everything else). `npm run build` then renders the public pages once more for Node (`--ssr`) and
 * `scripts/prerender.ts` writes them out whole, so that they read without JavaScript.
 *
 * What a server in front of `dist/client` has to do (`scripts/preview.ts` does it in 60 lines):
 * - `/assets/*` as files, `Cache-Control: public, max-age=31536000, immutable`; other files as they are; missing ones 404.
 * - `pageFor(path)` of `pages.ts` names the html file; `null` is 404 (for readers, with `notFoundPage`). Fill the file
 *   with `fillPage(html, { nonce, origin })`, the nonce made for this request, send `Cache-Control: no-store`, and
 *   `script-src 'nonce-…' 'strict-dynamic'; style-src 'self' 'nonce-…'; style-src-attr 'unsafe-inline'`
 *   (the last one because prerendered elements carry style attributes). No Trusted Types.
 */
import { sentryVitePlugin } from "@sentry/vite-plugin";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { ColorSchemeScript } from "@mantine/core";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { defineConfig, type Plugin } from "vite";
import { noncePlaceholder, pageFor } from "./pages.ts";

/** Sets light or dark before the first paint, in both pages; Mantine's own script, so that both agree on the key. */
function colorScheme(): Plugin {
  const script = createElement(ColorSchemeScript, { defaultColorScheme: "auto", nonce: noncePlaceholder });
  return {
    name: "charlie-color-scheme",
    transformIndexHtml: (html) => html.replace("<!--color-scheme-->", renderToStaticMarkup(script)),
  };
}

/** `vite dev` only: answers addresses as the server does. */
function addresses(): Plugin {
  return {
    name: "charlie-addresses",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const file = pageFor(new URL(request.url ?? "/", "http://localhost").pathname);
        if (file) request.url = file === "app.html" ? "/app.html" : "/public.html";
        next();
      });
    },
  };
}

/**
 * Source maps for Sentry, where the build is given what it takes: they are made, sent there, and deleted from what is
 * served. The plugin reads the place from SENTRY_AUTH_TOKEN, SENTRY_ORG and SENTRY_PROJECT, and SENTRY_URL where it is
 * not Sentry's own.
 */
const wantsSourceMaps = Boolean(process.env["SENTRY_AUTH_TOKEN"]);
const release = process.env["RELEASE"];
const sourceMaps = (): Plugin[] =>
  sentryVitePlugin({
    release: { ...(release === undefined ? {} : { name: release }), setCommits: false },
    sourcemaps: { filesToDeleteAfterUpload: ["dist/client/**/*.map"] },
    telemetry: false,
  }) as Plugin[];

export default defineConfig(({ isSsrBuild }) => ({
  appType: "mpa",
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      routesDirectory: "src/app/routes",
      generatedRouteTree: "src/app/routeTree.gen.ts",
      routeFileIgnorePattern: "\\.test\\.ts$",
      addExtensions: true,
      disableLogging: true,
    }),
    react(),
    colorScheme(),
    addresses(),
    ...(wantsSourceMaps && !isSsrBuild ? sourceMaps() : []),
  ],
  html: { cspNonce: noncePlaceholder },
  server: { proxy: { "/api": process.env["CHARLIE_SERVER"] ?? "http://localhost:3000" } },
  build: {
    outDir: isSsrBuild ? "dist/prerender" : "dist/client",
    emptyOutDir: true,
    // Small files stay files: then the CSP needs no `data:` for fonts and drawings.
    assetsInlineLimit: 0,
    sourcemap: wantsSourceMaps && !isSsrBuild ? "hidden" : false,
    modulePreload: { polyfill: false },
    copyPublicDir: !isSsrBuild,
    rolldownOptions: {
      input: isSsrBuild ? { render: "src/public/render.tsx" } : { public: "public.html", app: "app.html" },
    },
  },
}));
