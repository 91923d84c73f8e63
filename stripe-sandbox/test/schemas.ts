// Holds whatever the sandbox sends against the SDK's own types.
import { Ajv, type ValidateFunction } from "ajv";
import { loadSchemas } from "./derive-schemas.ts";

const schemas = loadSchemas();
const ajv = new Ajv({ allErrors: true, strict: false, verbose: true });
const compiled = new Map<string, ValidateFunction>();

function validator(kind: string): ValidateFunction | undefined {
  const schema = schemas.objects[kind];
  if (schema && !compiled.has(kind)) compiled.set(kind, ajv.compile(schema));
  return compiled.get(kind);
}

/** What is wrong with a body, for every Stripe object anywhere inside it. Empty when all is well. */
export function violations(value: unknown, path = "$"): string[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => violations(entry, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  const record = value as Record<string, unknown>;
  const found: string[] = [];
  if (typeof record.object === "string") {
    const kind = record.object;
    if (kind === "event") found.push(...eventViolations(record, path));
    else if (kind === "list") {
      const shape = Object.keys(record).toSorted().join();
      if (shape !== "data,has_more,object,url") found.push(`${path}: a list of the shape ${shape}`);
    } else {
      const check = validator(kind);
      if (!check) found.push(`${path}: an object of the unknown kind ${kind}`);
      else if (!check(value)) {
        for (const error of check.errors ?? []) {
          const detail = JSON.stringify(error.params);
          found.push(`${path} (${kind})${error.instancePath}: ${error.message} ${detail}`);
        }
      }
    }
  }
  for (const [key, entry] of Object.entries(record)) {
    if (key !== "previous_attributes") found.push(...violations(entry, `${path}.${key}`));
  }
  return found;
}

function eventViolations(event: Record<string, unknown>, path: string): string[] {
  const type = String(event.type);
  const about = schemas.events[type];
  if (!about) return [`${path}: the SDK knows no event ${type}`];
  const data = event.data as { object: { object?: string } & Record<string, unknown>; previous_attributes?: object };
  const found: string[] = [];
  if (data.object.object !== about) found.push(`${path}: ${type} about a ${data.object.object}, not a ${about}`);
  if (type.endsWith(".updated") !== (data.previous_attributes !== undefined) && !ALSO_WITH_PREVIOUS.has(type)) {
    found.push(`${path}: ${type} ${data.previous_attributes ? "with" : "without"} previous_attributes`);
  }
  for (const key of Object.keys(data.previous_attributes ?? {})) {
    if (!(key in data.object)) found.push(`${path}: ${type} has a previous ${key} that the object has not`);
  }
  const shape = Object.keys(event).toSorted().join();
  if (shape !== "api_version,created,data,id,livemode,object,pending_webhooks,request,type") {
    found.push(`${path}: an event of the shape ${shape}`);
  }
  return found;
}

// Changes that have a name of their own still say what was before.
const ALSO_WITH_PREVIOUS = new Set([
  "charge.dispute.closed",
  "charge.refunded",
  "customer.subscription.paused",
  "payment_intent.canceled",
  "payment_method.detached",
]);
