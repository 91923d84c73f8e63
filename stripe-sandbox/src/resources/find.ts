// Finding what a path or a parameter names, with Stripe's error when it is not there.
import type { Box } from "../box.ts";
import { missing } from "../http/errors.ts";
import type { Kind, Kinds } from "../types.ts";

const NAMES: Partial<Record<Kind, string>> = {
  "checkout.session": "checkout.session",
  "billing_portal.configuration": "configuration",
  "test_helpers.test_clock": "billing_clock",
  payment_method: "PaymentMethod",
  promotion_code: "promotion code",
  invoiceitem: "invoiceitem",
};

/** The object, or `No such …`: 404 when the path names it, 400 when a parameter does. */
export function need<K extends Kind>(box: Box, kind: K, id: string, param = "id"): Kinds[K] {
  const found = box.store.get(kind, id);
  if (!found) throw missing(NAMES[kind] ?? kind.replaceAll("_", ""), id, param);
  return found;
}

/** Newest first, as lists come. */
export function newest<K extends Kind>(box: Box, kind: K, keep: (row: Kinds[K]) => boolean = () => true): Kinds[K][] {
  return box.store.all(kind).toReversed().filter(keep);
}
