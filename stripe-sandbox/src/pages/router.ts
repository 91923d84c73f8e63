// Which page answers which address.
import { BASE, type Box } from "../box.ts";
import type { Control } from "../control.ts";
import { checkoutPage } from "./checkout.ts";
import { invoicePage, receiptPage } from "./invoice.ts";
import { portalPage } from "./portal.ts";
import { controlApi, controlPage } from "./control.ts";
import { document, goTo, html, type PageAnswer, type PageRequest } from "./page.ts";

/** Answers everything that is not the API: pages, forms, and the control's JSON. */
export function pageRouter(box: Box, control: Control, base: () => string) {
  const settle = (answer: PageAnswer): PageAnswer =>
    "location" in answer
      ? { location: answer.location.replaceAll(BASE, base()) }
      : { ...answer, body: answer.body.replaceAll(BASE, base()) };
  return async (request: PageRequest): Promise<PageAnswer> => settle(await find(request));

  function find(request: PageRequest): PageAnswer | Promise<PageAnswer> {
    const [, room, one = "", two = "", three = ""] = request.path.split("/");
    if (!isHere(request.host ?? "", base())) {
      return document(
        "Refused",
        html`<h1>The sandbox does not answer under this name</h1>
          <p>It is at <a href="${base()}/sandbox">${base()}</a>.</p>`,
        421,
      );
    }
    if (request.method !== "GET" && !fromHere(request, base())) {
      return document(
        "Refused",
        html`<h1>This came from another site</h1>
          <p>The sandbox takes it from its own pages only.</p>`,
        403,
      );
    }
    const rest = request.path.split("/").slice(4);
    if (room === "c" && one === "pay") return checkoutPage(box, request, two, three);
    if (room === "p" && one === "session") return portalPage(box, request, two, rest);
    if (room === "_sandbox") return controlApi(control, request, one);
    if (room === "sandbox") return controlPage(box, control, request, one);
    if (room === "" && request.method === "GET") return goTo("/sandbox");
    if (room === "i") return invoicePage(box, request, two, three, rest[1] ?? "");
    if (room === "receipts") return receiptPage(box, two);
    return document(
      "Not found",
      html`<h1>There is nothing here</h1>
        <p><a href="/sandbox">To the sandbox</a></p>`,
      404,
    );
  }
}

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

// Another website can have its own name lead here (DNS rebinding); this machine's names it cannot.
function isHere(host: string, base: string): boolean {
  return host === URL.parse(base)?.host || loopback.has(URL.parse(`http://${host}`)?.hostname ?? "");
}

// A page elsewhere must not press this sandbox's buttons. Programs send neither header.
function fromHere({ origin, host, site }: PageRequest, base: string): boolean {
  if (origin === undefined) return site === undefined || site === "same-origin" || site === "none";
  return origin === `http://${host}` || origin === URL.parse(base)?.origin;
}
