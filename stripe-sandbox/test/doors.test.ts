// Who may open its pages and press its buttons.
import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStripeSandbox, type StripeSandbox } from "../src/index.ts";

let sandbox: StripeSandbox;
beforeAll(async () => {
  sandbox = await startStripeSandbox({ port: 0, publicUrl: "https://pay.example.org" });
});
afterAll(() => sandbox.close());

const ask = (method: string, path: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    const sent = request(`${sandbox.url}${path}`, { method, headers }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    });
    sent.once("error", reject).end(method === "POST" ? "{}" : undefined);
  });
const json = { "content-type": "application/json" };

test("a name that another website made to lead here gets neither pages nor control", async () => {
  for (const name of ["evil.example", "127.0.0.1.evil.example"]) {
    const host = `${name}:${sandbox.port}`;
    for (const path of ["/sandbox", "/_sandbox/state", "/_sandbox/events", "/i/x/y"])
      expect([path, await ask("GET", path, { host })]).toEqual([path, 421]);
    expect(await ask("POST", "/_sandbox/deliveries", { ...json, host, origin: `http://${host}` })).toBe(421);
  }
});

test("another website presses nothing, with an Origin or without", async () => {
  const press = (headers: Record<string, string>) => ask("POST", "/_sandbox/deliveries", { ...json, ...headers });
  for (const origin of ["https://evil.example", "null", "http://localhost:1", `https://127.0.0.1:${sandbox.port}`])
    expect([origin, await press({ origin })]).toEqual([origin, 403]);
  for (const site of ["cross-site", "same-site"]) expect(await press({ "sec-fetch-site": site })).toBe(403);
});

test("its own pages and programs do, by each of its names", async () => {
  for (const name of ["localhost", "127.0.0.1", "[::1]"]) {
    const host = `${name}:${sandbox.port}`;
    expect(await ask("GET", "/sandbox", { host })).toBe(200);
    expect(await ask("POST", "/_sandbox/deliveries", { ...json, host })).toBe(200);
    expect(await ask("POST", "/_sandbox/deliveries", { ...json, host, origin: `http://${host}` })).toBe(200);
  }
  const outside = { ...json, host: "pay.example.org", origin: "https://pay.example.org" };
  expect(await ask("POST", "/_sandbox/deliveries", outside)).toBe(200);
});
