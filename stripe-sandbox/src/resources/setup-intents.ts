import { attach } from "../billing/methods.ts";
import { createSetup, newSetup } from "../billing/setups.ts";
import { page, paging } from "../http/lists.ts";
import { arrayOf, bool, mergeMetadata, metadata, object, oneOf, required, str } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { invalid } from "../http/errors.ts";
import { need, newest } from "./find.ts";
import { methodByIdOrToken } from "./payment-methods.ts";

export const setupIntentRoutes: Route[] = [
  route(
    "POST",
    "/v1/setup_intents",
    {
      automatic_payment_methods: object({ enabled: required(bool), allow_redirects: oneOf("always", "never") }),
      confirm: bool,
      customer: str,
      description: str,
      metadata,
      payment_method: str,
      payment_method_types: arrayOf(oneOf("card")),
      usage: oneOf("off_session", "on_session"),
    },
    ({ box, params }) => {
      if (params.customer) need(box, "customer", params.customer, "customer");
      const at = box.nowFor(params.customer ?? null);
      if (params.confirm) {
        if (!params.customer || !params.payment_method) {
          throw invalid("The local Stripe confirms a setup with a `customer` and a `payment_method` only.", "confirm");
        }
        const method = methodByIdOrToken(box, params.payment_method, "payment_method");
        attach(box, method, params.customer);
        return createSetup(box, params.customer, method.id, at);
      }
      const made = box.store.put({
        ...newSetup(params.customer ?? null, at),
        description: params.description ?? null,
        metadata: mergeMetadata({}, params.metadata),
        usage: params.usage ?? "off_session",
      });
      box.emit("setup_intent.created", made);
      return made;
    },
  ),
  route("GET", "/v1/setup_intents", { ...paging, customer: str }, ({ box, params }) =>
    page(
      newest(box, "setup_intent", (row) => !params.customer || row.customer === params.customer),
      params,
      "/v1/setup_intents",
      "setup_intent",
    ),
  ),
  route("GET", "/v1/setup_intents/:id", {}, ({ box, ids: [id] }) => need(box, "setup_intent", id)),
];
