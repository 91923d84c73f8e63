import { request as rawRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { problem, type Problem } from "@charlie/contract";
import { Stripe } from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endpoints } from "./endpoint-cases.ts";
import { startTestApp, type TestApp } from "./harness.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A request exactly as told: `fetch` would mend its address and refuse some methods. */
const raw = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    const sent = rawRequest({ hostname, port, method, path, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.once("error", reject);
    sent.end(body);
  });

/** Bytes as they stand, to their answer's end. */
const bytes = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(app.url).port), "127.0.0.1", () => socket.write(text));
    let heard = "";
    socket.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    socket.once("error", reject);
    socket.once("close", () => resolve(heard));
  });

const json = { "content-type": "application/json" };

describe("errors are problem documents", () => {
  const cases: [what: string, status: number, code: string, answer: () => Promise<RawAnswer>][] = [
    ["an unknown path", 404, "not_found", () => raw("GET", "/api/v1/nowhere")],
    [
      "an unknown path outside the interface",
      404,
      "not_found",
      () => raw("GET", "/nowhere", { accept: "application/json" }),
    ],
    [
      "an unknown path of the interface, in a browser",
      404,
      "not_found",
      () => raw("GET", "/api/x", { accept: "text/html" }),
    ],
    ["a method that a path does not have", 404, "not_found", () => raw("DELETE", "/api/v1/config")],
    ["a method that HTTP has and we do not", 404, "not_found", () => raw("PROPFIND", "/api/v1/config")],
    ["OPTIONS", 404, "not_found", () => raw("OPTIONS", "/api/v1/config")],
    [
      "a body that is too large",
      413,
      "too_large",
      () => raw("POST", "/api/auth/sign-in/email", json, `"${"x".repeat(300_000)}"`),
    ],
    [
      "a body that says it is too large",
      413,
      "too_large",
      () => raw("POST", "/api/auth/sign-in/email", { ...json, "content-length": "999999999" }),
    ],
    [
      "XML",
      415,
      "wrong_content_type",
      () => raw("POST", "/api/auth/sign-in/email", { "content-type": "text/xml" }, "<a/>"),
    ],
    ["no content type", 415, "wrong_content_type", () => raw("POST", "/api/auth/sign-in/email", {}, "a=b")],
    ["broken JSON", 400, "invalid_json", () => raw("POST", "/api/auth/sign-in/email", json, "{")],
    [
      "__proto__ in JSON",
      400,
      "invalid_json",
      () => raw("POST", "/api/auth/sign-in/email", json, '{"__proto__":{"a":1}}'),
    ],
    ["an address that is no text", 404, "not_found", () => raw("GET", "/api/v1/agents/%E0%A4%A")],
    ["an endless parameter", 404, "not_found", () => raw("GET", `/api/v1/agents/${"a".repeat(2_000)}`)],
    ["no session", 401, "not_signed_in", () => raw("GET", "/api/v1/me")],
  ];
  test.each(cases)("%s: %i %s", async (_what, status, code, answer) => {
    const { headers, text, status: got } = await answer();
    expect([got, headers["content-type"]]).toEqual([status, "application/problem+json"]);
    const told = problem.parse(JSON.parse(text));
    expect(told).toMatchObject({ status, code, type: `about:blank#${code}` });
    expect(told.detail).toMatch(/\.$/);
    // The id finds the request in the log.
    const line = app
      .logged()
      .split("\n")
      .find((each) => each.includes(told.requestId ?? "no id"));
    expect(JSON.parse(line ?? "null")).toMatchObject({ status, msg: "request" });
  });

  test("what is not even HTTP is refused and the connection closed", async () => {
    expect(await bytes("GARBAGE\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await bytes(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(40_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    );
    expect((await raw("GET", "/livez")).status).toBe(200);
  });

  test("each names the input's places that need a look", async () => {
    const pat = await app.signUp();
    const { status, body } = await pat.post<Problem>("/api/v1/agents", {
      who: 7,
      rules: "x".repeat(4_001),
      tricks: "",
    });
    expect(status).toBe(400);
    expect(body.fields?.map(({ path }) => path).toSorted()).toEqual(["rules", "who"]);
    for (const { message } of body.fields ?? []) expect(message).not.toBe("");
  });
});

describe("the log", () => {
  const linesSince = (before: number) =>
    app
      .logged()
      .slice(before)
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  test("has one line per request, without query, cookie, body, key or mail address", async () => {
    const pat = await app.signUp();
    const before = app.logged().length;
    const secret = "hush-hush-4711";
    const headers = {
      authorization: `Bearer ${secret}`,
      "idempotency-key": secret,
      "user-agent": secret,
      referer: secret,
    };
    await pat.get(`/api/v1/agents?projectId=${secret}&token=${secret}`, undefined, headers);
    await pat.post(`/api/v1/projects?${secret}`, { name: secret }, headers);
    await pat.post("/api/auth/sign-in/email", { email: `${secret}@example.org`, password: secret }, headers);
    await pat.get(`/api/auth/verify-email?token=${secret}&callbackURL=%2Faddress-confirmed`, undefined, headers);
    await pat.post(`/api/v1/${secret}`, {}, headers);
    await pat.get(`/${secret}`, undefined, headers);
    await pat.get(`/reset-password?token=${secret}`, undefined, headers);
    const lines = linesSince(before);
    const text = JSON.stringify(lines);
    for (const hidden of [secret, pat.email, pat.cookie.split("=")[1] ?? "", pat.userId, pat.workspaceId])
      expect([hidden, text.includes(hidden)]).toEqual([hidden, false]);
    expect(lines.map(({ msg }) => msg)).toEqual(Array(7).fill("request"));
    for (const line of lines) {
      expect(Object.keys(line).toSorted()).toEqual([
        "level",
        "method",
        "ms",
        "msg",
        "requestId",
        "route",
        "status",
        "time",
      ]);
    }
    expect(lines.map(({ status }) => status)).toEqual([400, 402, 401, 302, 404, 404, 200]);
    expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(7);
    // Being asked how one is, every few seconds, is no news.
    await pat.get("/livez");
    expect(linesSince(before)).toHaveLength(7);
  });

  test("keeps of an error what happened and where, and nothing of what was sent", async () => {
    const { problemOf } = await import("../src/http/problem.ts");
    const failed = await app.db.operator.query("select $1::uuid", ["hush-hush"]).catch((error: unknown) => error);
    const nested = new Error("Failed query: select $1\nparams: hush-hush", { cause: failed });
    const provider = Object.assign(new Error("Incorrect key hush-hush"), {
      responseBody: "hush-hush",
      url: "hush-hush",
    });
    const before = app.logged().length;
    app.app.fastify.log.error({ err: nested }, "one");
    app.app.fastify.log.error({ err: provider }, "two");
    const [one, two] = linesSince(before);
    expect(JSON.stringify([one, two])).not.toContain("hush");
    expect(one?.["err"]).toMatchObject({ message: "Failed query: select $1…", cause: { code: "22P02" } });
    expect(JSON.stringify(two)).toContain("service.test.ts");
    expect(problemOf(nested)).toMatchObject({ report: true, body: { status: 500, code: "internal" } });
    // What Stripe says to us (here: that it does not know our key) is none of the asker's: they are signed in.
    const refused = new Stripe.errors.StripeAuthenticationError({ message: "Invalid API Key", statusCode: 401 });
    expect(problemOf(refused)).toMatchObject({ report: true, body: { status: 500, code: "internal" } });
  });
});

test("openapi.json lists every endpoint, with what it takes, what it answers, and its errors", async () => {
  interface Document {
    openapi: string;
    paths: Record<string, Record<string, { summary: string; tags: string[]; security?: object[]; responses: object }>>;
  }
  const { body } = await app.stranger().get<Document>("/api/openapi.json");
  expect(body.openapi).toMatch(/^3\.1/);
  for (const [name, { method, path, summary, tag, access, status = 200 }] of endpoints) {
    const operation = body.paths[path.replaceAll(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];
    expect([name, operation]).toMatchObject([name, { summary, tags: [tag], responses: { [status]: {} } }]);
    const signedIn = access === "member" || access === "operator";
    expect([name, Boolean(operation?.security)]).toEqual([name, signedIn]);
    if (signedIn) expect([name, operation?.responses]).toMatchObject([name, { default: {} }]);
  }
  // Every reference leads somewhere.
  const text = JSON.stringify(body);
  for (const [, name = ""] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) expect(text).toContain(`"${name}":{`);
});
