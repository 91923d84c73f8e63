import { afterAll, beforeAll, expect, test } from "vitest";
import { endpoints } from "../../../test/endpoint-cases.ts";
import { startTestApp, type TestApp } from "../../../test/harness.ts";
import type { InterfaceDocument } from "../openapi.ts";
import { html } from "./html.ts";
import { renderApiDocs } from "./page.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const open = async () => {
  const response = await fetch(`${app.url}/api/docs`);
  return { headers: response.headers, page: await response.text() };
};
const textOf = (page: string): string => page.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");

test("shows every endpoint with its words, every named shape, and works without a script", async () => {
  const { headers, page } = await open();
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  const text = textOf(page);
  for (const [name, { method, path, summary, tag }] of endpoints) {
    expect([name, text.includes(`${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`)]).toEqual([name, true]);
    const words = summary.replaceAll("`", "").split("'")[0] ?? "";
    expect([name, text.includes(words) && text.includes(tag)]).toEqual([name, true]);
  }
  const { body } = await app.stranger().get<InterfaceDocument>("/api/openapi.json");
  for (const name of Object.keys(body.components.schemas)) expect(page).toContain(`id="shape-${name}"`);
  expect(page).not.toContain("<script");
  expect(page).not.toMatch(/\son\w+=|style=/);
});

test("carries the request's nonce, and each of its inner links leads somewhere, once", async () => {
  const { headers, page } = await open();
  const nonce = /<style nonce="([^"]+)">/.exec(page)?.[1];
  expect(headers.get("content-security-policy")).toContain(`style-src 'self' 'nonce-${nonce}'`);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  for (const [, target] of page.matchAll(/aria-labelledby="([^"]+)"/g)) expect(ids).toContain(target);
});

test("tells fields of nested objects, choices, limits, and what may be left out", async () => {
  const { page } = await open();
  const sectionOf = (id: string) => textOf(page.split(`id="${id}"`)[1]?.split("</section>")[0] ?? "");
  expect(sectionOf("post-api-v1-projects")).toMatch(/Body .*name text 1 to 80 characters .*Answer, status 201 Project/);
  expect(sectionOf("post-api-v1-agents-id-messages")).toMatch(/conversationId optional .*Or a stream of events/);
  expect(sectionOf("get-api-v1-usage-history")).toMatch(/days optional .*1 to 366/);
  expect(sectionOf("delete-api-v1-agents-id")).toContain("Answer, status 204 Nothing.");
  expect(sectionOf("shape-Message")).toMatch(/Fields of usage .*tokensIn/);
  expect(sectionOf("shape-Flow")).toMatch(/Fields of steps, &quot;brain&quot;/);
});

test("escapes whatever stands in the document", () => {
  const evil = `<img src=x onerror=alert(1)>"'&`;
  const field = { type: "string", description: evil, enum: [evil], default: evil };
  const document: InterfaceDocument = {
    info: { title: evil, version: "1", description: evil },
    paths: {
      [`/${evil}`]: {
        get: {
          summary: evil,
          tags: [evil],
          parameters: [{ name: evil, in: evil, description: evil, schema: field }],
          responses: {
            200: {
              description: evil,
              content: { "application/json": { schema: { type: "object", properties: { [evil]: field } } } },
            },
          },
        },
      },
    },
    components: { schemas: { [evil]: { type: "object", properties: { [evil]: field } } } },
  };
  const page = renderApiDocs(document, { nonce: "n", origin: "http://localhost" });
  expect(page).not.toContain("<img");
  for (const [tag] of page.matchAll(/<[^>]*>/g)) expect(tag).not.toContain('onerror=alert(1)&gt;"');
  expect(page.match(/&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThan(8);
  expect(html`<a title="${evil}">${[evil, html`<b>${1}</b>`]}</a>`.text).toBe(
    '<a title="&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;">&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;<b>1</b></a>',
  );
});
