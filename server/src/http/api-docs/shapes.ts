import type { JsonSchema, Parameter } from "../openapi.ts";
import { html, type Html } from "./html.ts";

const refPrefix = "#/components/schemas/";

export const shapeId = (name: string): string => `shape-${name}`;

const nameOf = ({ $ref }: JsonSchema): string | null => $ref?.slice(refPrefix.length) ?? null;

const formats: Record<string, string> = {
  uuid: "id (UUID)",
  "date-time": "time (ISO 8601, UTC)",
  date: "day (YYYY-MM-DD)",
  email: "e-mail address",
  uri: "address",
};

const code = (value: unknown): Html => html`<code>${JSON.stringify(value) ?? ""}</code>`;

const between = (parts: Html[], word: string): Html[] =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [html` ${word} `, part]));

/** A schema's kind in a few words, with links to the named shapes. */
function kindOf(schema: JsonSchema): Html {
  const name = nameOf(schema);
  if (name !== null) return html`<a href="#${shapeId(name)}">${name}</a>`;
  const { type, format, items } = schema;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return html`${between(schema.enum.map(code), "or")}`;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return html`${between(choices.map(kindOf), "or")}`;
  if (Array.isArray(type))
    return html`${between(
      type.map((one) => kindOf({ ...schema, type: one })),
      "or",
    )}`;
  if (type === "array") return html`list of ${items ? kindOf(items) : "anything"}`;
  if (type === "object" && typeof schema.additionalProperties === "object") {
    const { propertyNames, additionalProperties: value } = schema;
    return html`object of ${kindOf(value)}${propertyNames ? html`, by ${kindOf(propertyNames)}` : ""}`;
  }
  if (type === "integer") return html`whole number`;
  return html`${type === "string" ? (formats[format ?? ""] ?? "text") : (type ?? "anything")}`;
}

const number = (value: number): string => value.toLocaleString("en");

/** What else has to be known: length, range, default. */
function notesOf({ minLength, maxLength, minimum, maximum, description, default: usual }: JsonSchema): Html {
  const least = minLength ?? 0;
  // Numbers at the edge of what a number can be are no limit that anybody meets.
  const top = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  const notes = [
    ...(description === undefined ? [] : [html`${description}`]),
    ...(maxLength === undefined
      ? []
      : [html`${least > 0 ? `${number(least)} to` : "at most"} ${number(maxLength)} characters`]),
    ...(top === undefined ? [] : [html`${number(minimum ?? 0)} to ${number(top)}`]),
    ...(usual === undefined ? [] : [html`usually ${code(usual)}`]),
  ];
  return html`${between(notes, "·")}`;
}

/** The objects inside a schema that have no name, and so no place of their own. */
function inner(schema: JsonSchema): JsonSchema[] {
  if (nameOf(schema) !== null) return [];
  if (schema.properties) return [schema];
  const value = typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : []), ...value].flatMap(
    inner,
  );
}

interface Row {
  name: string;
  optional: boolean;
  schema: JsonSchema;
}

const table = (label: string, rows: Row[]): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">${label}</th>
        <th scope="col">What it is</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, optional, schema }) =>
          html`<tr>
            <th scope="row"><code>${name}</code>${optional ? html` <small>optional</small>` : ""}</th>
            <td>
              ${kindOf(schema)} <small>${notesOf(schema)}</small>${inner(schema).map(
                (object) =>
                  html`<details>
                    <summary>Fields of ${name}${kindWord(object)}</summary>
                    ${fields(object)}
                  </details>`,
              )}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;

/** Which of several objects this is, by the field that tells them apart. */
function kindWord({ properties = {} }: JsonSchema): Html {
  const told = properties["type"]?.const;
  return told === undefined ? html`` : html`, ${code(told)}`;
}

const fields = ({ properties = {}, required = [] }: JsonSchema): Html =>
  table(
    "Field",
    Object.entries(properties).map(([name, schema]) => ({ name, schema, optional: !required.includes(name) })),
  );

/** A schema as a table of its fields, nested objects in `details`; one that is no object in a line. */
export function shape(schema: JsonSchema): Html {
  if (nameOf(schema) !== null) return html`<p>${kindOf(schema)}</p>`;
  if (schema.properties) return fields(schema);
  const objects = inner(schema);
  return objects.length === 0 ? html`<p>${kindOf(schema)}</p>` : html`${objects.map(fields)}`;
}

/** Parameters in the path, the query and the headers. */
export const parameters = (all: Parameter[]): Html =>
  table(
    "Parameter",
    all.map(({ name, in: place, required = false, description, schema }) => ({
      name,
      optional: !required,
      schema: { ...schema, description: [`in the ${place}`, description].filter(Boolean).join(" · ") },
    })),
  );
