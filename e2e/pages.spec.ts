import { readFileSync } from "node:fs";
import { join } from "node:path";
import { look } from "./looks.ts";
import { sights } from "./sights/index.ts";
import { expect, test } from "./test.ts";
import { makeWorld, type World } from "./world.ts";

let world: World;

test.beforeAll(async ({ browser, baseURL }) => {
  world = await makeWorld(browser, baseURL!);
});

test.afterAll(async () => {
  await Promise.all(Object.values(world).map(({ person }) => person.context.close()));
});

/** The addresses of the app's pages, from the tree that its router is built from. */
function routes(): string[] {
  const tree = readFileSync(join(import.meta.dirname, "../web/src/app/routeTree.gen.ts"), "utf8");
  const listed = /^ {2}to:\n((?: {4}\| '.*'\n)+)/m.exec(tree)?.[1] ?? "";
  return [...listed.matchAll(/'(.*)'/g)].map(([, route]) => route!);
}

test("every page of the app is in the list", () => {
  const looked = new Set(sights.map(({ route }) => route));
  expect(routes().length).toBeGreaterThan(10);
  // "/" is the prerendered first page; the app has none of its own there.
  expect(routes().filter((route) => route !== "/" && !looked.has(route))).toEqual([]);
});

for (const { name, who, path, ready, refused, widths } of sights) {
  test(name, async ({ page: stranger, trouble }) => {
    const resident = who === "stranger" ? null : world[who];
    if (refused) trouble.expect(refused);
    if (resident) trouble.watch(resident.person.context);
    const page = resident ? await resident.person.context.newPage() : stranger;
    await page.goto(typeof path === "string" ? path : await path(resident!));
    await ready(page);
    await look(page, name, widths);
    await page.close();
  });
}
