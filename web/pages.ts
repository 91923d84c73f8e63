/**
 * Which built page answers which address. Plain TypeScript without React, so that the server can import it
 * (`@charlie/web/pages.ts`); the build, the preview and the tests read the same lists.
 */
import { fileURLToPath } from "node:url";
import { contactPlaceholder } from "./src/public/contact-placeholder.ts";
import { reportsMeta } from "./src/reports/reports-meta.ts";

/** Stands in every built page wherever a nonce belongs; the server puts a fresh one in per request. */
export const noncePlaceholder = "__CSP_NONCE__";

/** Stands where a page names its own absolute address (share pictures need one). */
export const originPlaceholder = "__ORIGIN__";

/** Stands in the head of every built page where errors of the browser are reported to; shows nothing by itself. */
const reportsPlaceholder = "<!--reports-->";

/** Where the pages report errors; `null`: nowhere. */
export type Reports = { dsn: string; release: string; environment: string } | null;

/** Whoever runs the service: a mail address, and pages such as the terms. */
export interface Contact {
  supportEmail: string | null;
  legal: readonly { name: string; url: string }[];
}

/** Text as it may stand in an element or in a quoted attribute. */
export const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const contactLinks = ({ supportEmail, legal }: Contact): string =>
  [...(supportEmail === null ? [] : [{ name: "Write to us", url: `mailto:${supportEmail}` }]), ...legal]
    .map(({ name, url }) => `<a href="${escaped(url)}">${escaped(name)}</a>`)
    .join("");

/** A built page, made ready for one request. `origin` is the service's public one, without a slash at its end. */
export function fillPage(
  html: string,
  { nonce, origin, reports, ...contact }: { nonce: string; origin: string; reports: Reports } & Contact,
): string {
  const reportsTag = reports ? `<meta name="${reportsMeta}" content="${escaped(JSON.stringify(reports))}" />` : "";
  return html
    .replaceAll(noncePlaceholder, nonce)
    .replaceAll(originPlaceholder, origin)
    .replace(reportsPlaceholder, () => reportsTag)
    .replace(contactPlaceholder, () => contactLinks(contact));
}

/** Where the build leaves what the server sends: the pages, and `assets/` with hashed (immutable) names. */
export const clientDir = fileURLToPath(new URL("./dist/client/", import.meta.url));

export interface PublicPage {
  path: string;
  /** File in `clientDir`. */
  file: string;
  title: string;
  description: string;
}

/** Pages that are whole without JavaScript. */
export const publicPages: readonly PublicPage[] = [
  {
    path: "/",
    file: "index.html",
    title: "Teach Charlie: an AI agent, taught in three answers",
    description:
      "Tell Charlie who he is, what his rules are and what tricks he knows. Three answers later he works for you. No code.",
  },
  {
    path: "/pricing",
    file: "pricing.html",
    title: "Prices · Teach Charlie",
    description: "Free to try, $29 a month for every day, $79 for teams. AI itself at cost, without a markup.",
  },
];

/** The page, filled like the others, for a reader (not a program) who asks for an unknown address; its status is 404. */
export const notFoundPage: PublicPage = {
  path: "/not-found",
  file: "not-found.html",
  title: "Not found · Teach Charlie",
  description: "There is no page at this address.",
};

/** First parts of the addresses that belong to the single-page app. */
export const appPrefixes: readonly string[] = [
  "/sign-in",
  "/sign-up",
  "/forgot-password",
  "/reset-password",
  "/address-confirmed",
  "/awake",
  "/home",
  "/teach",
  "/agents",
  "/projects",
  "/usage",
  "/settings",
  "/billing",
  "/help",
  "/share",
  "/admin",
];

/** The file in `clientDir` that answers a path (without query), or `null`: then the answer is 404. */
export function pageFor(path: string): string | null {
  const page = publicPages.find((candidate) => candidate.path === path);
  if (page) return page.file;
  const known = appPrefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  return known ? "app.html" : null;
}
