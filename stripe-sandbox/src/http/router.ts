// Routes as data: method, path, what they take, what they do.
import type { Box } from "../box.ts";
import type { FormTree } from "./form.ts";
import { arrayOf, readParams, str, type Shape, type Values } from "./params.ts";

export interface Call<V> {
  box: Box;
  params: V;
  /** The values of the path's `:names`, in order. */
  ids: [string, string];
}

export interface Route {
  method: "GET" | "POST" | "DELETE";
  path: string;
  pattern: RegExp;
  /** Reads the parameters now; does the work when called. */
  prepare(tree: FormTree): { expand: string[]; run: (box: Box, ids: [string, string]) => object };
}

/** Declares a route. `expand` is understood by all of them. */
export function route<S extends Shape>(
  method: Route["method"],
  path: string,
  shape: S,
  run: (call: Call<Values<S>>) => object,
): Route {
  return {
    method,
    path,
    pattern: new RegExp(`^${path.replaceAll(/:\w+/g, "([^/]+)")}$`),
    prepare(tree) {
      const { expand, ...rest } = tree;
      const { expand: paths = [] } = readParams({ expand: arrayOf(str) }, expand === undefined ? {} : { expand });
      const params = readParams(shape, rest);
      return { expand: paths, run: (box, ids) => run({ box, params, ids }) };
    },
  };
}

/** The route for a request and the ids in its path. */
export function findRoute(routes: readonly Route[], method: string, path: string) {
  for (const candidate of routes) {
    const match = candidate.method === method ? candidate.pattern.exec(path) : null;
    if (match) {
      const ids = match.slice(1).map(decodeURIComponent);
      return { route: candidate, ids: [ids[0] ?? "", ids[1] ?? ""] as [string, string] };
    }
  }
  return undefined;
}
