import { StripeError, invalid } from "../http/errors.ts";
import { page, paging } from "../http/lists.ts";
import {
  arrayOf,
  bool,
  emptyable,
  mergeMetadata,
  metadata,
  object,
  range,
  required,
  str,
  url,
} from "../http/params.ts";
import { route, type Route } from "../http/router.ts";
import { need, newest } from "./find.ts";
import { createPrice, priceFields } from "./prices.ts";
import { createProduct } from "./product-object.ts";

const common = {
  active: bool,
  description: emptyable(str),
  images: emptyable(arrayOf(url)),
  marketing_features: emptyable(arrayOf(object({ name: required(str) }))),
  metadata,
  shippable: bool,
  statement_descriptor: str,
  tax_code: emptyable(str),
  unit_label: emptyable(str),
  url: emptyable(url),
};

export const productRoutes: Route[] = [
  route(
    "POST",
    "/v1/products",
    { ...common, name: required(str), id: str, default_price_data: object(priceFields) },
    ({ box, params }) => {
      const { default_price_data, metadata: sent, images, marketing_features, ...plain } = params;
      if (plain.id && box.store.get("product", plain.id)) {
        throw new StripeError(400, "invalid_request_error", "Product already exists.", {
          code: "resource_already_exists",
          param: "id",
        });
      }
      const product = createProduct(box, {
        ...plain,
        images: images ?? [],
        marketing_features: marketing_features ?? [],
        metadata: mergeMetadata({}, sent),
      });
      if (!default_price_data) return product;
      const price = createPrice(box, product.id, default_price_data);
      return box.update("product.updated", product, { default_price: price.id });
    },
  ),
  route(
    "GET",
    "/v1/products",
    { ...paging, active: bool, created: range, ids: arrayOf(str), shippable: bool, url: str },
    ({ box, params }) =>
      page(
        newest(
          box,
          "product",
          (row) =>
            (params.active === undefined || row.active === params.active) &&
            (!params.created || params.created(row.created)) &&
            (!params.ids || params.ids.includes(row.id)) &&
            (params.shippable === undefined || row.shippable === params.shippable) &&
            (!params.url || row.url === params.url),
        ),
        params,
        "/v1/products",
        "product",
      ),
  ),
  route("GET", "/v1/products/:id", {}, ({ box, ids: [id] }) => need(box, "product", id)),
  route("POST", "/v1/products/:id", { ...common, name: str, default_price: str }, ({ box, params, ids: [id] }) => {
    const before = need(box, "product", id);
    const { metadata: sent, images, marketing_features, ...plain } = params;
    if (plain.default_price && need(box, "price", plain.default_price, "default_price").product !== id) {
      throw invalid("The price does not belong to this product.", "default_price");
    }
    return box.update("product.updated", before, {
      ...plain,
      ...(images !== undefined && { images: images ?? [] }),
      ...(marketing_features !== undefined && { marketing_features: marketing_features ?? [] }),
      metadata: mergeMetadata(before.metadata, sent),
      updated: box.now(),
    });
  }),
  route("DELETE", "/v1/products/:id", {}, ({ box, ids: [id] }) => {
    const product = need(box, "product", id);
    if (box.store.all("price").some((price) => price.product === id)) {
      throw invalid("This product cannot be deleted because it has one or more user-created prices.");
    }
    box.store.remove("product", id);
    box.emit("product.deleted", product);
    return { id, object: "product", deleted: true };
  }),
];
