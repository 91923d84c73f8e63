// JSON Schemas from the installed SDK's own type declarations, read by TypeScript 5's checker.
// References to other Stripe objects stay shallow here: whoever validates looks into them by their own schema.
import { createHash } from "node:crypto";
import { mkdirSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import Stripe from "stripe";
import ts from "typescript-5";

export type Schema = Record<string, unknown>;
export interface Schemas {
  /** By the value of the `object` field. */
  objects: Record<string, Schema>;
  /** By event type: the `object` of what it is about. */
  events: Record<string, string>;
}

const HERE = new URL(".", import.meta.url).pathname;
const CACHE = `${HERE}../.cache`;

const ROOTS = `import Stripe from "stripe";
export interface Roots {
  account: Stripe.Account; balance: Stripe.Balance; charge: Stripe.Charge; coupon: Stripe.Coupon | Stripe.DeletedCoupon; customer: Stripe.Customer | Stripe.DeletedCustomer;
  discount: Stripe.Discount; dispute: Stripe.Dispute; invoice: Stripe.Invoice | Stripe.DeletedInvoice; invoice_payment: Stripe.InvoicePayment;
  invoiceitem: Stripe.InvoiceItem | Stripe.DeletedInvoiceItem; item: Stripe.LineItem; line_item: Stripe.InvoiceLineItem;
  payment_intent: Stripe.PaymentIntent; payment_method: Stripe.PaymentMethod; plan: Stripe.Plan; price: Stripe.Price;
  product: Stripe.Product | Stripe.DeletedProduct; promotion_code: Stripe.PromotionCode; refund: Stripe.Refund; setup_intent: Stripe.SetupIntent;
  subscription: Stripe.Subscription; subscription_item: Stripe.SubscriptionItem | Stripe.DeletedSubscriptionItem;
  webhook_endpoint: Stripe.WebhookEndpoint | Stripe.DeletedWebhookEndpoint;
  "billing.meter": Stripe.Billing.Meter; "billing.meter_event": Stripe.Billing.MeterEvent;
  "billing.meter_event_summary": Stripe.Billing.MeterEventSummary; "billing.meter_event_adjustment": Stripe.Billing.MeterEventAdjustment;
  "billing_portal.configuration": Stripe.BillingPortal.Configuration; "billing_portal.session": Stripe.BillingPortal.Session;
  "checkout.session": Stripe.Checkout.Session; "test_helpers.test_clock": Stripe.TestHelpers.TestClock | Stripe.TestHelpers.DeletedTestClock;
}
export type AnyEvent = Stripe.Event;
`;

const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** The schemas for the SDK that is installed; derived once per SDK version and kept in a cache. */
export function loadSchemas(): Schemas {
  const file = `${CACHE}/schemas-${Stripe.PACKAGE_VERSION}-${hash(ROOTS)}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Schemas;
  const schemas = derive();
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(file, JSON.stringify(schemas));
  return schemas;
}

function derive(): Schemas {
  const root = `${HERE}roots.ts`;
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ["node"],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === root ? ts.createSourceFile(name, ROOTS, ts.ScriptTarget.ES2022, true) : read(name, ...rest);
  const known = host.fileExists.bind(host);
  host.fileExists = (name) => name === root || known(name);
  const program = ts.createProgram([root], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(root)!;
  const exported = new Map(
    checker.getExportsOfModule(checker.getSymbolAtLocation(source)!).map((symbol) => [symbol.name, symbol]),
  );
  const convert = converter(checker);
  const objects: Record<string, Schema> = {};
  for (const property of checker.getDeclaredTypeOfSymbol(exported.get("Roots")!).getProperties()) {
    objects[property.name] = convert(checker.getTypeOfSymbol(property), true);
  }
  const events: Record<string, string> = {};
  const anyEvent = checker.getDeclaredTypeOfSymbol(exported.get("AnyEvent")!);
  for (const event of anyEvent.isUnion() ? anyEvent.types : [anyEvent]) {
    const at = (type: ts.Type, name: string) => checker.getTypeOfSymbol(checker.getPropertyOfType(type, name)!);
    const type = at(event, "type");
    const about = at(at(event, "data"), "object");
    const kind = checker.getPropertyOfType(about, "object");
    const literal = kind && checker.getTypeOfSymbol(kind);
    if (type.isStringLiteral() && literal?.isStringLiteral()) events[type.value] = literal.value;
  }
  return { objects, events };
}

function converter(checker: ts.TypeChecker) {
  const open = new Set<ts.Type>();
  return convert;

  function convert(type: ts.Type, isRoot = false): Schema {
    const is = (flag: ts.TypeFlags) => (type.flags & flag) !== 0;
    if (type.isUnion())
      return union(
        type.types.filter((one) => (one.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) === 0),
        isRoot,
      );
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (is(ts.TypeFlags.BooleanLiteral)) return { const: checker.typeToString(type) === "true" };
    if (is(ts.TypeFlags.Null)) return { type: "null" };
    if (is(ts.TypeFlags.String)) return { type: "string" };
    if (is(ts.TypeFlags.Number)) return { type: "number" };
    if (is(ts.TypeFlags.Boolean)) return { type: "boolean" };
    if (is(ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    // An enum's way of saying that new values may come: `string & Record<never, never>`.
    if (type.isIntersection()) return { type: "string" };
    const name = type.aliasSymbol?.name ?? type.symbol?.name;
    if (name === "Decimal" || name === "DecimalImpl") return { type: "string", pattern: "^-?\\d+(\\.\\d+)?$" };
    if (checker.isArrayType(type))
      return { type: "array", items: convert(checker.getTypeArguments(type as ts.TypeReference)[0]!) };
    const kind = checker.getPropertyOfType(type, "object");
    const literal = kind && checker.getTypeOfSymbol(kind);
    if (!isRoot && literal?.isStringLiteral() && literal.value !== "list") {
      return { type: "object", properties: { object: { const: literal.value } }, required: ["object"] };
    }
    if (open.has(type)) return {};
    open.add(type);
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const property of type.getProperties()) {
      const inner = checker.getTypeOfSymbol(property);
      const parts = inner.isUnion() ? inner.types : [inner];
      if (parts.every((one) => (one.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) !== 0)) continue;
      properties[property.name] = convert(inner);
      if ((property.flags & ts.SymbolFlags.Optional) === 0) required.push(property.name);
    }
    open.delete(type);
    const index = checker.getIndexInfoOfType(type, ts.IndexKind.String);
    return { type: "object", properties, required, additionalProperties: index ? convert(index.type) : false };
  }

  function union(types: ts.Type[], isRoot: boolean): Schema {
    // Where an enum lists its values, only those count, though new ones may come one day.
    const listed = types.some((one) => one.isStringLiteral());
    const kept = types.filter((one) => !(listed && one.isIntersection()));
    const schemas = kept.map((one) => convert(one, isRoot));
    return schemas.length === 1 ? schemas[0]! : { anyOf: schemas };
  }
}
