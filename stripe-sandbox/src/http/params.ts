// What each route takes, declared: one mechanism refuses what Stripe (or this sandbox) doesn't know.
import { invalid } from "./errors.ts";
import type { FormTree } from "./form.ts";

type Raw = FormTree | string;

/** Reads one parameter; throws the 400 that Stripe answers for a wrong one. */
export interface Param<T> {
  read(raw: Raw, path: string): T;
  required?: true;
}
export interface RequiredParam<T> extends Param<T> {
  required: true;
}
export type Shape = Record<string, Param<unknown>>;
type ValueOf<P> = P extends Param<infer T> ? T : never;
/** The type of the parameters that a shape lets through. */
export type Values<S extends Shape> = {
  [K in keyof S as S[K] extends RequiredParam<unknown> ? K : never]: ValueOf<S[K]>;
} & { [K in keyof S as S[K] extends RequiredParam<unknown> ? never : K]?: ValueOf<S[K]> };

/** A parameter that must be there: 400 `parameter_missing` without it. */
export const required = <T>(param: Param<T>): RequiredParam<T> => ({
  read: (raw, path) => param.read(raw, path),
  required: true,
});

function text(raw: Raw, path: string): string {
  if (typeof raw !== "string") throw invalid("Invalid string: {}", path);
  if (raw === "") {
    throw invalid(
      `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; however '${path}' cannot be unset. You should remove '${path}' from your request or supply a non-empty value.`,
      path,
      "parameter_invalid_empty",
    );
  }
  return raw;
}

export const str: Param<string> = { read: text };

export const int: Param<number> = {
  read(raw, path) {
    const value = text(raw, path);
    if (!/^-?\d{1,15}$/.test(value)) throw invalid(`Invalid integer: ${value}`, path, "parameter_invalid_integer");
    return Number(value);
  },
};

export const uint: Param<number> = {
  read(raw, path) {
    const value = int.read(raw, path);
    if (value < 0) throw invalid("Invalid non-negative integer", path, "parameter_invalid_integer");
    return value;
  },
};

/** A decimal, kept as the string it came in. */
export const decimal: Param<string> = {
  read(raw, path) {
    const value = text(raw, path);
    if (!/^-?\d{1,15}(\.\d{1,12})?$/.test(value)) throw invalid(`Invalid decimal: ${value}`, path);
    return value;
  },
};

export const bool: Param<boolean> = {
  read(raw, path) {
    const value = text(raw, path);
    if (value !== "true" && value !== "false") throw invalid(`Invalid boolean: ${value}`, path);
    return value === "true";
  },
};

export const url: Param<string> = {
  read(raw, path) {
    const value = text(raw, path);
    // Stripe lets its own placeholder through, so it is taken out before the address is judged.
    if (!/^https?:$/.test(URL.parse(value.replaceAll(/[{}]/g, ""))?.protocol ?? "")) {
      throw invalid("Not a valid URL", path, "url_invalid");
    }
    return value;
  },
};

export const email: Param<string> = {
  read(raw, path) {
    const value = text(raw, path);
    if (!/^[^@\s]+@[^@\s]+$/.test(value)) throw invalid(`Invalid email address: ${value}`, path, "email_invalid");
    return value;
  },
};

/** One of some words. */
export const oneOf = <const T extends string>(...choices: T[]): Param<T> => ({
  read(raw, path) {
    const value = text(raw, path);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) {
      const list = choices.length > 1 ? `one of ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}` : choices[0];
      throw invalid(`Invalid ${path}: must be ${list}`, path);
    }
    return found;
  },
});

/** An empty string unsets: it reads as null. */
export const emptyable = <T>(param: Param<T>): Param<T | null> => ({
  read: (raw, path) => (raw === "" ? null : param.read(raw, path)),
});

/** `name[0]=…&name[1]=…` or `name[]=…`. */
export const arrayOf = <T>(param: Param<T>): Param<T[]> => ({
  read(raw, path) {
    if (typeof raw === "string") throw invalid("Invalid array", path);
    return Object.entries(raw).map(([index, value]) => {
      if (!/^\d+$/.test(index)) throw invalid("Invalid array", path);
      return param.read(value, `${path}[${index}]`);
    });
  },
});

/** `name[key]=…` with the keys of a shape. */
export const object = <S extends Shape>(shape: S): Param<Values<S>> => ({
  read(raw, path) {
    if (typeof raw === "string") throw invalid("Invalid object", path);
    return readParams(shape, raw, path);
  },
});

/** Keys and values of the caller's own; an empty value takes the key away, an empty whole takes all (null). */
export const metadata: Param<Record<string, string> | null> = {
  read(raw, path) {
    if (raw === "") return null;
    if (typeof raw === "string") throw invalid("Invalid object", path);
    const values: Record<string, string> = {};
    for (const [key, value] of Object.entries(raw)) {
      if (typeof value !== "string") throw invalid("Invalid string: {}", `${path}[${key}]`);
      if (key.length > 40) throw invalid("Metadata keys can be up to 40 characters long.", path);
      if (value.length > 500) throw invalid("Metadata values can be up to 500 characters long.", `${path}[${key}]`);
      values[key] = value;
    }
    return values;
  },
};

/** A point in time, or a range of them. */
export const range: Param<(at: number) => boolean> = {
  read(raw, path) {
    if (typeof raw === "string") {
      const exact = int.read(raw, path);
      return (at) => at === exact;
    }
    const { gt, gte, lt, lte } = readParams({ gt: int, gte: int, lt: int, lte: int }, raw, path);
    return (at) =>
      at > (gt ?? -Infinity) && at >= (gte ?? -Infinity) && at < (lt ?? Infinity) && at <= (lte ?? Infinity);
  },
};

/** Either of two; the second is tried when the first refuses. */
export const either = <A, B>(first: Param<A>, second: Param<B>): Param<A | B> => ({
  read(raw, path) {
    try {
      return first.read(raw, path);
    } catch {
      return second.read(raw, path);
    }
  },
});

/** Reads a whole request. Throws on unknown, missing and malformed parameters. */
export function readParams<S extends Shape>(shape: S, tree: FormTree, path = ""): Values<S> {
  const at = (key: string) => (path ? `${path}[${key}]` : key);
  const unknown = Object.keys(tree).filter((key) => !Object.hasOwn(shape, key));
  if (unknown.length > 0) {
    const names = unknown.map(at);
    throw invalid(
      `Received unknown parameter${names.length > 1 ? "s" : ""}: ${names.join(", ")}`,
      names[0],
      "parameter_unknown",
    );
  }
  const values: Record<string, unknown> = {};
  for (const [key, param] of Object.entries(shape)) {
    const raw = tree[key];
    if (raw !== undefined) values[key] = param.read(raw, at(key));
    else if (param.required) throw invalid(`Missing required param: ${at(key)}.`, at(key), "parameter_missing");
  }
  return values as Values<S>;
}

/** Merges sent metadata into what is there. */
export function mergeMetadata(before: Record<string, string>, sent: Record<string, string> | null | undefined) {
  if (sent === undefined) return before;
  if (sent === null) return {};
  return Object.fromEntries(Object.entries({ ...before, ...sent }).filter(([, value]) => value !== ""));
}
