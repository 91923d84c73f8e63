import { z } from "zod";

/**
 * Who may call an endpoint: anybody, a signed-in person in a workspace, whoever runs the service (to all others it is not
 * there: 404), or Stripe with a signature.
 */
export type Access = "public" | "member" | "operator" | "signature";

export interface EndpointDefinition {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with `:name` parameters, as in the HTTP interface table of product.md. */
  path: string;
  access: Access;
  tag: string;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Success status; 200 unless told otherwise. */
  status?: 200 | 201 | 204;
  response: z.ZodType;
  /**
   * What an `Idempotency-Key` means to a POST: `transaction` (unless told otherwise) does the work and keeps the answer in
   * one transaction; `outside` asks other services, so no transaction stays open meanwhile; `harmless` only looks, and
   * looks again.
   */
  repeats?: "transaction" | "outside" | "harmless";
  /** What the answer is, where that is not JSON. */
  contentType?: "text/csv";
  /** The answer may also be a UI message stream (`text/event-stream`). */
  streams?: true;
}

/** Declares one endpoint; the server pairs it with a verb and the web calls it, both typed by it. */
export const endpoint = <const E extends EndpointDefinition>(definition: E): E => definition;

type InputOf<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a caller of the endpoint passes. */
export type EndpointInput<E extends EndpointDefinition> = (E["params"] extends z.ZodObject
  ? { params: InputOf<E["params"]> }
  : { params?: undefined }) &
  (E["query"] extends z.ZodObject ? { query?: InputOf<E["query"]> } : { query?: undefined }) &
  (E["body"] extends z.ZodType ? { body: InputOf<E["body"]> } : { body?: undefined });

/** What the endpoint answers with. */
export type EndpointOutput<E extends EndpointDefinition> = z.output<E["response"]>;

/** Fills the path's parameters, each percent-encoded. Throws where one is missing. */
export function pathOf(definition: EndpointDefinition, params: Record<string, unknown> = {}): string {
  return definition.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    if (typeof value !== "string" || value === "") throw new Error(`missing path parameter ${name}`);
    return encodeURIComponent(value);
  });
}

export const id = z.uuid();
export const time = z.iso.datetime();
export const idParams = z.object({ id });
/** Micro-dollars: a millionth of a US dollar. */
export const micros = z.int().min(0);

/** What PostgreSQL cannot keep: NUL in text, half a surrogate pair in JSON. */
export const storable = (text: string): boolean => text.isWellFormed() && !text.includes("\u0000");
export const notStorable = "This text holds a character that cannot be stored.";

/** Keyset pagination, the same for every list. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).refine(storable, notStorable).optional(),
});
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** Whether a reader would see anything: some letters and signs (U+3164, an empty braille cell …) have no shape at all. */
export const isVisible = (text: string): boolean => /(?![\p{DI}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u.test(text);

/** One line of text: trimmed, without control characters, never empty, also to the eye. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "Please write something here.")
    .max(max, `Please keep this under ${max} characters.`)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "Please use plain text on one line.")
    .refine(isVisible, "Please write something that can be seen.");

/** Longer text: line breaks are fine; may be empty. */
export const prose = (max: number) =>
  z
    .string()
    .max(max, `Please keep this under ${max.toLocaleString("en")} characters.`)
    .refine(storable, notStorable);
