import type { Box } from "../box.ts";
import { changeSubscription } from "../billing/change.ts";
import { invalid, missing } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import { metadata, bool, int, required, str, uint } from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { need } from "./find.ts";
import { prorationBehavior, subscriptionUpdate } from "./subscription-params.ts";

const change = {
  metadata,
  off_session: bool,
  payment_behavior: subscriptionUpdate.payment_behavior,
  price: str,
  proration_behavior: prorationBehavior,
  proration_date: int,
  quantity: uint,
};

export const subscriptionItemRoutes: Route[] = [
  route(
    "POST",
    "/v1/subscription_items",
    { ...change, price: required(str), subscription: required(str) },
    ({ box, params }) => {
      const { metadata: sent, price, quantity, subscription: id, ...rest } = params;
      const before = need(box, "subscription", id, "subscription");
      const after = changeSubscription(box, before, {
        ...rest,
        items: [{ price, ...(quantity !== undefined && { quantity }), ...(sent !== undefined && { metadata: sent }) }],
      });
      const added = after.items.data.find((item) => item.price.id === price);
      if (!added) throw invalid("The item was not added.");
      return added;
    },
  ),
  route("GET", "/v1/subscription_items", { ...paging, subscription: required(str) }, ({ box, params }) =>
    page(
      need(box, "subscription", params.subscription, "subscription").items.data,
      params,
      "/v1/subscription_items",
      "subscription_item",
    ),
  ),
  route("GET", "/v1/subscription_items/:id", {}, ({ box, ids: [id] }) => itemById(box, id).item),
  route("POST", "/v1/subscription_items/:id", change, ({ box, params, ids: [id] }) => {
    const { metadata: sent, price, quantity, ...rest } = params;
    const { subscription } = itemById(box, id);
    changeSubscription(box, subscription, {
      ...rest,
      items: [
        {
          id,
          ...(price !== undefined && { price }),
          ...(quantity !== undefined && { quantity }),
          ...(sent !== undefined && { metadata: sent }),
        },
      ],
    });
    return itemById(box, id).item;
  }),
  route(
    "DELETE",
    "/v1/subscription_items/:id",
    { payment_behavior: change.payment_behavior, proration_behavior: prorationBehavior, proration_date: int },
    ({ box, params, ids: [id] }) => {
      const { subscription } = itemById(box, id);
      changeSubscription(box, subscription, { ...params, items: [{ id, deleted: true }] });
      return { id, object: "subscription_item", deleted: true };
    },
  ),
];

function itemById(box: Box, id: string) {
  for (const subscription of box.store.all("subscription")) {
    const item = subscription.items.data.find((row) => row.id === id);
    if (item) return { subscription, item };
  }
  throw missing("subscription_item", id);
}
