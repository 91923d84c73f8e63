// Which page answers which address.
import type { Box } from "../box.ts";
import type { Control } from "../control.ts";
import { checkoutPage } from "./checkout.ts";
import { document, html, type PageAnswer, type PageRequest } from "./page.ts";

export function pageRouter(box: Box, control: Control, base: () => string) {
  return (request: PageRequest): PageAnswer | Promise<PageAnswer> => {
    const [, room, one = "", two = "", three = ""] = request.path.split("/");
    if (request.method !== "GET" && !fromHere(request, base())) {
      return document(
        "Refused",
        html`<h1>This came from another site</h1>
          <p>The sandbox takes it from its own pages only.</p>`,
        403,
      );
    }
    if (room === "c" && one === "pay") return checkoutPage(box, request, two, three);
    return document(
      "Not found",
      html`<h1>There is nothing here</h1>
        <p><a href="/sandbox">To the sandbox</a></p>`,
      404,
    );
  };
}

// A page elsewhere must not press this sandbox's buttons. Programs send no Origin at all.
function fromHere(request: PageRequest, base: string): boolean {
  if (request.origin === undefined) return true;
  const host = URL.parse(request.origin)?.host;
  return host === request.host || host === URL.parse(base)?.host;
}
