import { readdirSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import type { Agent } from "@charlie/contract";
import { clientDir } from "@charlie/web/pages.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { teach } from "../../test/chat.ts";
import { makeClient, type Client } from "../../test/client.ts";
import { startTestApp, type TestApp } from "../../test/harness.ts";

let app: TestApp;
let secure: TestApp;
const publicUrl = "https://charlie.example.org";
beforeAll(async () => {
  app = await startTestApp();
  secure = await startTestApp({ deps: { publicUrl } });
});
afterAll(async () => {
  await app.close();
  await secure.close();
});

const changing = ["POST", "PUT", "PATCH", "DELETE"] as const;

describe("a change that another website asks for", () => {
  // Not `null`: that is what sandboxed frames and data: pages send.
  const foreign = ["https://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1.evil.example", "garbage"];
  test.each(changing)("%s is refused, whoever's cookie it carries", async (method) => {
    const pat = await app.signUp();
    for (const path of ["/api/v1/projects", "/api/auth/sign-out", "/api/v1/nowhere"]) {
      for (const origin of foreign) {
        const { status } = await pat.send(method, path, {}, { origin });
        expect([path, origin, status]).toEqual([path, origin, 403]);
      }
      // A browser that leaves Origin out still says where the request comes from.
      for (const site of ["cross-site", "same-site"]) {
        const response = await fetch(`${app.url}${path}`, {
          method,
          headers: { cookie: pat.cookie, "sec-fetch-site": site },
        });
        expect([path, site, response.status]).toEqual([path, site, 403]);
      }
    }
    expect((await pat.get("/api/v1/me")).status).toBe(200);
  });

  test("a program that sends no Origin is let in, and so are our own pages", async () => {
    const pat = await app.signUp();
    const project = (headers: Record<string, string>) =>
      fetch(`${app.url}/api/v1/workspaces/${pat.workspaceId}`, {
        method: "PATCH",
        body: JSON.stringify({ name: "Renamed" }),
        headers: { cookie: pat.cookie, "content-type": "application/json", ...headers },
      });
    expect((await project({})).status).toBe(200);
    expect((await project({ origin: app.url, "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await project({ origin: "https://evil.example" })).status).toBe(403);
  });
});

describe("a name that another website made to lead here", () => {
  const asked = (host: string, path: string, origin?: string, method = "GET") =>
    new Promise<number>((resolve, reject) => {
      const headers = { host, "content-type": "application/json", ...(origin === undefined ? {} : { origin }) };
      const sent = request(`${app.url}${path}`, { method, headers }, (response) => {
        response.resume().once("end", () => resolve(response.statusCode ?? 0));
      });
      sent.once("error", reject).end(method === "POST" ? "{}" : undefined);
    });

  test("gets no answer at a desk, whatever it asks", async () => {
    const { port } = new URL(app.url);
    for (const name of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil.example@"]) {
      const host = `${name}:${port}`;
      for (const path of ["/mail", "/", "/api/v1/config", "/nowhere"])
        expect([host, path, await asked(host, path)]).toEqual([host, path, 421]);
      expect(await asked(host, "/api/auth/sign-in/email", `http://${host}`, "POST")).toBe(421);
    }
  });

  test("this machine's names and the public one do, with the Origin that goes with them", async () => {
    const { port } = new URL(app.url);
    for (const name of ["localhost", "127.0.0.1", "[::1]"]) {
      const host = `${name}:${port}`;
      expect([host, await asked(host, "/mail")]).toEqual([host, 200]);
      expect(await asked(host, "/api/auth/sign-out", `http://${host}`, "POST")).toBe(200);
      expect(await asked(host, "/api/auth/sign-out", `http://${name}:1`, "POST")).toBe(403);
      expect(await asked(host, "/api/auth/sign-out", `https://${host}`, "POST")).toBe(403);
    }
  });
});

describe("cookies", () => {
  const signUp = async (at: TestApp, origin: string) => {
    const body = { name: "Pat", email: `pat-${Math.random()}@example.org`, password: "a good long password" };
    return (await makeClient(at.url).send("POST", "/api/auth/sign-up/email", body, { origin })).headers.getSetCookie();
  };

  test("can't be read by scripts nor sent along from elsewhere", async () => {
    const cookies = await signUp(app, app.url);
    expect(cookies).toHaveLength(1);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^charlie\./);
      expect(cookie).toContain("; HttpOnly");
      expect(cookie).toContain("; SameSite=Lax");
      expect(cookie).toContain("; Path=/");
      expect(cookie).not.toContain("Secure");
    }
  });

  test("over https are bound to the host and to https", async () => {
    const cookies = await signUp(secure, publicUrl);
    expect(cookies).toHaveLength(1);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-charlie\./);
      for (const part of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) expect(cookie).toContain(`; ${part}`);
      expect(cookie).not.toContain("Domain");
    }
    const signedOut = await makeClient(secure.url).send("POST", "/api/auth/sign-out", {}, { origin: publicUrl });
    for (const cookie of signedOut.headers.getSetCookie()) expect(cookie).toMatch(/^__Host-charlie\.[^;]*;.*Secure/);
  });
});

describe("headers", () => {
  /** One of each kind of answer: how it is asked for, the status, and who may keep it. */
  const kinds: [what: string, status: number, cache: string | null, ask: () => Promise<Response>][] = [
    ["a page", 200, "no-store", () => visit("/")],
    ["a page of the app", 200, "no-store", () => visit("/home")],
    ["a page that is not there", 404, "no-store", () => visit("/nowhere")],
    ["a built file", 200, "public, max-age=31536000, immutable", () => visit(`/assets/${readdirSync(assets)[0]}`)],
    ["the interface, open to all", 200, "no-store", () => visit("/api/v1/config")],
    ["the interface, not signed in", 401, "no-store", () => visit("/api/v1/me")],
    ["the interface, signed in", 200, "no-store", () => pat.send("GET", "/api/v1/me")],
    ["the operator's interface, to somebody else", 404, "no-store", () => pat.send("GET", "/api/v1/admin/customers")],
    ["the interface's description", 200, "no-store", () => visit("/api/docs")],
    ["a file to save", 200, "no-store", () => pat.send("GET", `/api/v1/usage/export?from=${today}&to=${today}`)],
    [
      "sign-in",
      401,
      "no-store",
      () => pat.send("POST", "/api/auth/sign-in/email", { email: pat.email, password: "x" }),
    ],
    ["a link in a mail", 302, "no-store", () => visit("/api/auth/verify-email?token=nonsense")],
    [
      "a stream",
      200,
      "no-cache",
      () => pat.send("POST", `/api/v1/agents/${agent.id}/messages`, { text: "Hi" }, asStream),
    ],
    ["Stripe's webhook, unsigned", 400, "no-store", () => app.stranger().send("POST", "/api/v1/billing/webhook", {})],
    [
      "a change from elsewhere",
      403,
      "no-store",
      () => pat.send("POST", "/api/v1/projects", {}, { origin: "https://evil.example" }),
    ],
    ["what is too large", 413, "no-store", () => pat.send("POST", "/api/v1/projects", { name: "x".repeat(300_000) })],
    ["a probe", 200, null, () => visit("/livez")],
    ["the mail page of a desk", 200, "no-store", () => visit("/mail")],
  ];
  const assets = join(clientDir, "assets");
  const today = new Date().toISOString().slice(0, 10);
  const asStream = { accept: "text/event-stream" };
  const visit = (path: string) => app.stranger().send("GET", path, undefined, { accept: "text/html,*/*" });
  let pat: Client;
  let agent: Agent;
  beforeAll(async () => {
    pat = await app.signUp();
    agent = await teach(pat);
  });

  test.each(kinds)("of %s: %i, all there and each once", async (_what, status, cache, ask) => {
    const answer = await ask();
    await answer.arrayBuffer();
    const { headers } = answer;
    expect(answer.status).toBe(status);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
    expect(headers.get("permissions-policy")).toBe("camera=(), microphone=(), geolocation=(), payment=()");
    expect(headers.get("cache-control")).toBe(cache);
    const policy = headers.get("content-security-policy") ?? "";
    for (const part of ["default-src", "base-uri 'none'", "frame-ancestors 'none'"]) expect(policy).toContain(part);
    // Scripts and style elements need a nonce or a hash.
    expect(policy.replaceAll(/style-src-attr [^;]*/g, "")).not.toContain("unsafe");
    expect(headers.get("strict-transport-security")).toBeNull();
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("server")).toBeNull();
  });

  test("over https they insist on it, for two years, when they refuse too", async () => {
    for (const [method, origin, status] of [
      ["GET", publicUrl, 200],
      ["POST", "https://evil.example", 403],
    ] as const) {
      const path = method === "GET" ? "/api/v1/config" : "/api/auth/sign-out";
      const answer = await secure.stranger().send(method, path, undefined, { origin });
      expect(answer.status).toBe(status);
      expect(answer.headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
      expect(answer.headers.get("content-security-policy")).toContain("upgrade-insecure-requests");
    }
  });
});

describe("a client that is slow", () => {
  /** What the server answers to so much of a request, to the connection's end. */
  const heard = (url: string, text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
      let said = "";
      socket.on("data", (bytes: Buffer) => (said += bytes.toString()));
      socket.once("error", reject).once("close", () => resolve(said));
    });

  test("with its headers or its body is told 408 and let go", async () => {
    const impatient = await startTestApp({ deps: { clientTimings: { headersMs: 100, requestMs: 200 } } });
    const start = "POST /api/auth/sign-out HTTP/1.1\r\nHost: localhost\r\n";
    const body = "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    for (const text of ["GET /", start, `${start}${body}`])
      expect([text, (await heard(impatient.url, text)).split("\r\n")[0]]).toEqual([
        text,
        "HTTP/1.1 408 Request Timeout",
      ]);
    await impatient.close();
  });

  test("has 15 seconds for its headers and two minutes for all", () => {
    const { headersTimeout, requestTimeout, maxHeadersCount } = app.app.fastify.server;
    expect([headersTimeout, requestTimeout, maxHeadersCount]).toEqual([15_000, 120_000, null]);
  });
});
