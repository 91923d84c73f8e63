import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, test } from "./test.ts";

/** The aim of issue 2 for public pages, in bytes of gzip. */
const mostOnPublicPages = 180_000;

/** Bytes of all JavaScript that the page loads by itself, each file gzipped. */
async function scriptBytes(page: Page, path: string): Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on("response", (response) => {
    if (!/javascript/.test(response.headers()["content-type"] ?? "")) return;
    sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto(path, { waitUntil: "networkidle" });
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(bytes, "a page of ours loads some JavaScript").toBeGreaterThan(10_000);
  process.stdout.write(`    ${path}: ${(bytes / 1_000).toFixed(1)} KB of JavaScript, gzipped\n`);
  return bytes;
}

for (const path of ["/", "/pricing"]) {
  test(`${path} loads little JavaScript`, async ({ page }) => {
    expect(await scriptBytes(page, path)).toBeLessThanOrEqual(mostOnPublicPages);
  });
}

test("the home page behind the door tells its size", async ({ signUp }) => {
  const { page } = await signUp();
  await scriptBytes(page, "/home");
});
