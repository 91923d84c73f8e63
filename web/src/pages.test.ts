import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pageFor } from "../pages.ts";

test("public addresses have their own page, unknown ones none", () => {
  expect(pageFor("/")).toBe("index.html");
  expect(pageFor("/pricing")).toBe("pricing.html");
  expect(pageFor("/agents/1/teach")).toBe("app.html");
  expect(pageFor("/agentsmith")).toBeNull();
  expect(pageFor("/favicon.ico")).toBeNull();
});

test("every route of the app is an address that the server answers", () => {
  const tree = readFileSync(new URL("./app/routeTree.gen.ts", import.meta.url), "utf8");
  const fullPaths = /fullPaths:([^\n]*(?:\n\s+\|[^\n]*)*)/.exec(tree)?.[1] ?? "";
  const paths = [...fullPaths.matchAll(/'([^']+)'/g)].map((match) => match[1]!).filter((path) => path !== "/");
  expect(paths.filter((path) => pageFor(path.replace(/\/$/, "")) !== "app.html")).toEqual([]);
});
