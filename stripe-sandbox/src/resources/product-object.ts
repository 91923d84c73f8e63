import type { Box } from "../box.ts";
import { newId } from "../ids.ts";
import type { Product } from "../types.ts";

/** Must run inside a change. */
export function createProduct(box: Box, fields: Partial<Product> & { name: string }): Product {
  const at = box.now();
  const product = box.store.put({
    id: newId("prod", 14),
    object: "product",
    active: true,
    created: at,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: at,
    url: null,
    ...fields,
  } satisfies Product);
  box.emit("product.created", product);
  return product;
}
