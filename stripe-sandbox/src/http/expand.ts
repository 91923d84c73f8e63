// `expand[]`: ids become objects, and what Stripe leaves out until asked for is put in.
import type { Box } from "../box.ts";
import type { Kind } from "../types.ts";
import { intentOf } from "../billing/invoices.ts";
import { invalid } from "./errors.ts";
import { whole } from "./lists.ts";
import { lineItemsOf } from "../resources/line-items.ts";

type Json = Record<string, unknown>;

const KIND_OF_PREFIX: Record<string, Kind> = {
  cus: "customer",
  prod: "product",
  price: "price",
  sub: "subscription",
  in: "invoice",
  ii: "invoiceitem",
  inpay: "invoice_payment",
  pm: "payment_method",
  pi: "payment_intent",
  seti: "setup_intent",
  ch: "charge",
  re: "refund",
  du: "dispute",
  di: "discount",
  promo: "promotion_code",
  cs: "checkout.session",
  bpc: "billing_portal.configuration",
  clock: "test_helpers.test_clock",
  mtr: "billing.meter",
};

function lookUp(box: Box, key: string, id: string): Json | undefined {
  // These two may carry ids of the caller's own choice.
  if (key === "product" || key === "coupon") return box.store.get(key, id) as Json | undefined;
  const kind = KIND_OF_PREFIX[id.split("_")[0] ?? ""];
  const found = kind && box.store.get(kind, id);
  if (found) return { ...found };
  const gone = box.store.get("sandbox.deleted", id);
  return gone && { id: gone.id, object: gone.of, deleted: true };
}

/** Fields that appear only when they are asked for. */
function include(box: Box, owner: Json, key: string): unknown {
  const id = String(owner.id);
  switch (`${String(owner.object)}.${key}`) {
    case "invoice.payments":
      return whole(
        box.store.all("invoice_payment").filter((row) => row.invoice === id),
        `/v1/invoice_payments?invoice=${id}`,
      );
    case "invoice.confirmation_secret": {
      const secret = intentOf(box, id)?.client_secret;
      return secret ? { client_secret: secret, type: "payment_intent" } : null;
    }
    case "checkout.session.line_items":
      return whole(lineItemsOf(box, id), `/v1/checkout/sessions/${id}/line_items`);
    case "customer.subscriptions":
      return whole(
        box.store
          .all("subscription")
          .filter((row) => row.customer === id && row.status !== "canceled")
          .toReversed(),
        `/v1/customers/${id}/subscriptions`,
      );
    case "charge.refunds":
      return whole(
        box.store
          .all("refund")
          .filter((row) => row.charge === id)
          .toReversed(),
        `/v1/charges/${id}/refunds`,
      );
    default:
      return undefined;
  }
}

function expandPath(box: Box, value: unknown, path: string[], full: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => expandPath(box, entry, path, full));
  const owner = value as Json;
  let field = typeof owner === "object" ? (owner[key] ?? include(box, owner, key)) : undefined;
  if (field === undefined) {
    if (owner !== null && typeof owner === "object" && owner.deleted) return owner;
    if (typeof owner === "object" && key in owner) return owner;
    throw invalid(
      `This property cannot be expanded (${key}). You may want to try expanding 'data.${key}' instead.`,
      "expand",
    );
  }
  const resolve = (entry: unknown): unknown => {
    if (typeof entry !== "string") return entry;
    const found = lookUp(box, key, entry);
    if (!found) throw invalid(`This property cannot be expanded (${full}).`, "expand");
    return found;
  };
  field = Array.isArray(field) ? field.map(resolve) : resolve(field);
  return { ...owner, [key]: expandPath(box, field, rest, full) };
}

/** Returns a copy of an answer with every path filled in; 400 for a path that leads nowhere. */
export function expandAll(box: Box, answer: object, paths: string[]): object {
  let result: unknown = answer;
  for (const path of paths) {
    const parts = path.split(".");
    if (parts.length > 4 + (parts[0] === "data" ? 1 : 0)) {
      throw invalid("You cannot expand more than 4 levels of a property.", "expand");
    }
    result = expandPath(box, result, parts, path);
  }
  return result as object;
}
