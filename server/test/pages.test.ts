import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { appPrefixes, clientDir, publicPages } from "@charlie/web/pages.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "./harness.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const asBrowser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const open = async (path: string, method = "GET") => {
  const response = await fetch(`${app.url}${path}`, { method, headers: asBrowser, redirect: "manual" });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const files = (): string[] =>
  readdirSync(join(clientDir, "assets"), { recursive: true, encoding: "utf8" }).filter((name) => name.includes("."));

test("the pages are built", () => {
  // npm test builds them first; alone: npm run build.
  expect(files().length).toBeGreaterThan(3);
});

describe("a page", () => {
  test.each([...publicPages.map(({ path }) => path), ...appPrefixes.filter((path) => path !== "/admin")])(
    "%s carries a nonce of its own in header and page, and nothing else may run",
    async (path) => {
      const nonces = [];
      for (let visit = 0; visit < 2; visit += 1) {
        const { status, headers, text } = await open(path);
        expect(status).toBe(200);
        expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
        expect(headers.get("cache-control")).toBe("no-store");
        const policy = headers.get("content-security-policy") ?? "";
        const nonce = /script-src 'nonce-([^']+)' 'strict-dynamic'/.exec(policy)?.[1] ?? "";
        expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
        expect(Buffer.from(nonce, "base64").length).toBeGreaterThanOrEqual(16);
        for (const [tag] of text.matchAll(/<(script|style)\b[^>]*>/g)) expect(tag).toContain(`nonce="${nonce}"`);
        expect(text).toContain(nonce);
        expect(text).not.toMatch(/__(CSP_NONCE|ORIGIN)__/);
        expect(text).not.toMatch(/<[^>]+\son\w+=/);
        nonces.push(nonce);
      }
      expect(new Set(nonces).size).toBe(2);
    },
  );

  test("a page is told where to report errors only where that is set, and may send there and nowhere else", async () => {
    const env = { SENTRY_DSN: "https://public@sentry.example.org/42", RELEASE: '"><script>alert(1)</script>' };
    const other = await startTestApp({ env });
    for (const path of ["/pricing", "/sign-in"]) {
      const told = await fetch(`${other.url}${path}`, { headers: asBrowser });
      const text = await told.text();
      expect(told.headers.get("content-security-policy")).toContain("connect-src 'self' https://sentry.example.org;");
      expect(text).toContain(
        '<meta name="error-reports" content="{&quot;dsn&quot;:&quot;https://public@sentry.example.',
      );
      expect(text).not.toContain("<script>alert");
      const usual = await open(path);
      expect(usual.headers.get("content-security-policy")).not.toContain("connect-src");
      expect(usual.text).not.toContain("error-reports");
    }
    await other.close();
  });

  test("a source map is served to nobody, though it may lie there", async () => {
    const map = join(clientDir, "assets/left-behind.js.map");
    writeFileSync(map, "{}");
    const found = await Promise.all(
      ["left-behind.js.map", "left-behind.js.MAP", "left-behind.js%2Emap", "left-behind.js.m%61p"].map(
        async (name) => (await open(`/assets/${name}`)).status,
      ),
    );
    rmSync(map);
    expect(found).toEqual([404, 404, 404, 404]);
    expect(files().filter((name) => name.endsWith(".map"))).toEqual([]);
  });

  test("the foot of a public page tells who runs the service, as text and never as markup", async () => {
    const told = { SUPPORT_EMAIL: "help@example.org", TERMS_URL: 'https://example.org/?a="><script>alert(1)</script>' };
    const other = await startTestApp({ env: told });
    const text = await (await fetch(`${other.url}/pricing`, { headers: asBrowser })).text();
    await other.close();
    expect(text).toContain('<a href="mailto:help@example.org">Write to us</a>');
    expect(text).toContain('<a href="https://example.org/?a=&quot;>&lt;script>alert(1)&lt;/script>">Terms</a>');
    expect(text).not.toContain("<script>alert");
    expect((await open("/pricing")).text).not.toContain("mailto:");
  });

  test("HEAD answers as GET does, without the page", async () => {
    const [get, head] = [await open("/"), await open("/", "HEAD")];
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
  });
});

describe("a hashed asset", () => {
  test("may be kept for ever, by GET and HEAD alike", async () => {
    for (const name of files()) {
      const [get, head] = [await open(`/assets/${name}`), await open(`/assets/${name}`, "HEAD")];
      expect([name, get.status, head.status, head.text]).toEqual([name, 200, 200, ""]);
      for (const { headers } of [get, head]) {
        expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
        expect(Number(headers.get("content-length"))).toBe(readFileSync(join(clientDir, "assets", name)).length);
      }
      if (name.endsWith(".js")) expect(get.headers.get("content-type")).toMatch(/^(text|application)\/javascript/);
      if (name.endsWith(".css")) expect(get.headers.get("content-type")).toMatch(/^text\/css/);
    }
  });

  test("is not sent again to whoever has it", async () => {
    const [name] = files();
    const { headers } = await open(`/assets/${name}`);
    const known = { "if-none-match": headers.get("etag") ?? "", "cache-control": "max-age=0" };
    const again = await fetch(`${app.url}/assets/${name}`, { headers: known });
    expect(again.status).toBe(304);
  });
});

describe("what is not there", () => {
  const appPage = () => readFileSync(join(clientDir, "app.html"), "utf8");
  const unknown = [
    "/nowhere",
    "/admin",
    "/admin/customers",
    "/assets/gone-12345678.js",
    "/favicon.png",
    "/robots.txt",
    "/homework",
    "/index.html",
    "/app.html",
    "/app%2ehtml",
    "/app%2Ehtm%6c",
    "/%61pp.HTML",
    "//app.html",
    "/not-found.html",
    "/built-from",
    "/.env",
    "/.git/config",
    "/assets/",
    "/assets",
    "/assets/..%2f..%2f..%2fpackage.json",
    "/..%2f..%2fpackage.json",
    "/%2e%2e/%2e%2e/package.json",
    "/assets/%00",
    "/%E0%A4%A",
  ];
  test.each(unknown)("%s is a 404 with a page of ours that is not the app", async (path) => {
    const { status, headers, text } = await open(path);
    expect([path, status]).toEqual([path, 404]);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(text).toContain("<title>Not found");
    // The app's own script is what makes it the app.
    const script = /src="(\/assets\/app[^"]+)"/.exec(appPage())?.[1];
    expect(script).toBeTypeOf("string");
    expect(text).not.toContain(script);
  });

  test("for a program it is a problem document", async () => {
    for (const path of ["/nowhere", "/assets/gone-12345678.js"]) {
      const response = await fetch(`${app.url}${path}`);
      expect([path, response.status, response.headers.get("content-type")]).toEqual([
        path,
        404,
        "application/problem+json",
      ]);
    }
    const posted = await fetch(`${app.url}/pricing`, { method: "POST", headers: asBrowser });
    expect(posted.status).toBe(404);
  });
});
