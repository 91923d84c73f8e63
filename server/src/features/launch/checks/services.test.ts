import { beforeEach, expect, onTestFinished, test } from "vitest";
import { examine, failed, ok } from "../../../../test/launch.ts";
import { startRecorder, type Recorded, type Recorder } from "../../../../test/stand-ins/recorder.ts";

type Answer = { status: number; json?: unknown };
let answers: Record<string, Answer>;
let receiver: Recorder;
beforeEach(async () => {
  answers = {};
  receiver = await startRecorder(
    ({ method, path }) => answers[`${method} ${path.split("?")[0]}`] ?? { status: 404, json: { message: "not here" } },
  );
  const open = receiver;
  onTestFinished(() => open.close());
});

/** What was asked there last. */
function last(): Recorded {
  const request = receiver.requests.at(-1);
  if (!request) throw new Error("nothing was asked");
  return request;
}
const away = "http://127.0.0.1:9";

test("Resend: verified, pending, unknown, a key that may only send, a wrong key, away", async () => {
  const env = {
    RESEND_API_KEY: "re_8Qkd03hZ",
    FROM_EMAIL: "Charlie <hello@mail.charlie.dev>",
    RESEND_BASE_URL: receiver.url,
  };
  const list = (name: string, status: string) => ({
    status: 200,
    json: { object: "list", data: [{ name, status }], has_more: false },
  });
  const look = () => examine("mail.sender", env);

  answers = { "GET /domains": list("mail.charlie.dev", "verified") };
  expect(await look()).toEqual(ok("mail.charlie.dev is verified"));
  expect(last().headers["authorization"]).toBe("Bearer re_8Qkd03hZ");
  answers = { "GET /domains": list("mail.charlie.dev", "not_started") };
  expect(await look()).toEqual(failed("mail.charlie.dev is not started", "DNS"));
  answers = { "GET /domains": list("charlie.dev", "verified") };
  expect(await look()).toEqual(failed("Resend does not know mail.charlie.dev"));
  const refusal = (name: string, message: string) => ({ status: 401, json: { statusCode: 401, name, message } });
  answers = { "GET /domains": refusal("restricted_api_key", "This API key is restricted to only send emails") };
  expect(await look()).toEqual(ok("the key may only send mail"));
  answers = { "GET /domains": refusal("invalid_api_key", "API key re_8Qkd03hZ is invalid") };
  expect(await look()).toEqual(failed("Resend refuses the key: API key ••• is invalid"));
  expect(await examine("mail.sender", { ...env, RESEND_BASE_URL: away })).toEqual(failed("Resend cannot be reached"));
  expect(await examine("mail.sender", { ...env, FROM_EMAIL: "Charlie" })).toEqual(
    failed("FROM_EMAIL holds no address"),
  );
});

test.each([
  ["openai", { OPENAI_API_KEY: "sk-proj-4hTq02mZ" }, "authorization", "Bearer sk-proj-4hTq02mZ"],
  ["anthropic", { ANTHROPIC_API_KEY: "sk-ant-4hTq02mZ" }, "x-api-key", "sk-ant-4hTq02mZ"],
])("%s: its models are listed with the key", async (provider, key, header, value) => {
  const look = (base = receiver.url) =>
    examine(`ai.${provider}`, { ...key, [`${provider.toUpperCase()}_BASE_URL`]: base });
  answers = { "GET /models": { status: 200, json: { data: [{ id: "one" }, { id: "two" }] } } };
  expect(await look()).toEqual(ok("2 models"));
  expect(last().headers[header]).toBe(value);
  answers = { "GET /models": { status: 401, json: { error: { message: `bad key ${value}` } } } };
  expect(await look()).toEqual(failed("refuses the key", "console"));
  answers = {};
  expect(await look()).toEqual(failed("no AI server answers", "_BASE_URL"));
  expect(await look(away)).toEqual(failed("cannot be reached"));
});

test("Langflow: well and known, unwell, a wrong key, only half of its settings", async () => {
  const env = { LANGFLOW_URL: `${receiver.url}/`, LANGFLOW_API_KEY: "lf-29dkQmz0" };
  const look = () => examine("ai.langflow", env);
  const well = { "GET /health": { status: 200, json: { status: "ok" } } };
  answers = { ...well, "GET /api/v1/users/whoami": { status: 200, json: { username: "pat" } } };
  expect(await look()).toEqual(ok("well"));
  expect(last().headers["x-api-key"]).toBe(env.LANGFLOW_API_KEY);
  answers = { ...well, "GET /api/v1/users/whoami": { status: 403 } };
  expect(await look()).toEqual(failed("Langflow refuses the key"));
  answers = { "GET /health": { status: 503 } };
  expect(await look()).toEqual(failed("not well (503)"));
  expect(await examine("ai.langflow", { LANGFLOW_URL: away })).toMatchObject({
    state: "missing",
    found: "LANGFLOW_API_KEY is not set",
  });
});

test("Sentry: a test event arrives, is refused, over the quota; a DSN that is none", async () => {
  const env = { SENTRY_DSN: `${receiver.url.replace("//", "//0a1b2c3d4e5f@")}/sub/42` };
  const look = () => examine("watching.sentry", env);
  answers = { "POST /sub/api/42/envelope/": { status: 200, json: { id: "1" } } };
  expect(await look()).toEqual(ok("taken"));
  const { headers, body } = last();
  expect(headers["x-sentry-auth"]).toContain("sentry_key=0a1b2c3d4e5f");
  const [head, item, event] = body
    .toString()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(item).toEqual({ type: "event" });
  expect(event).toMatchObject({ event_id: head?.["event_id"], level: "info" });
  answers = { "POST /sub/api/42/envelope/": { status: 403 } };
  expect(await look()).toEqual(failed("refuses the event (403)", "DSN"));
  answers = { "POST /sub/api/42/envelope/": { status: 429 } };
  expect(await look()).toEqual(failed("no more events", "quota"));
  expect(await examine("watching.sentry", { SENTRY_DSN: "https://sentry.io" })).toEqual(failed("no DSN"));
});

test("PostHog: the key is known and an event taken; a key that is not", async () => {
  const env = { POSTHOG_KEY: "phc_9dk2MzQq", POSTHOG_HOST: receiver.url };
  const look = () => examine("watching.posthog", env);
  answers = { "POST /flags/": { status: 200 }, "POST /i/v0/e/": { status: 200, json: { status: "Ok" } } };
  expect(await look()).toEqual(ok("a test event was taken"));
  expect(JSON.parse(last().body.toString())).toMatchObject({ api_key: env.POSTHOG_KEY, event: "doctor looked" });
  answers = { ...answers, "POST /flags/": { status: 401 } };
  expect(await look()).toEqual(failed("does not know the key (401)", "phc_"));
  answers = { "POST /flags/": { status: 200 }, "POST /i/v0/e/": { status: 400 } };
  expect(await look()).toEqual(failed("refuses the event (400)"));
});

test("OTLP: both kinds of reports are taken with the headers; refused; the wrong address", async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_HEADERS: "api-key=k3J%20x,other=1" };
  const look = () => examine("watching.otlp", env);
  answers = { "POST /v1/traces": { status: 200 }, "POST /v1/metrics": { status: 200 } };
  expect(await look()).toEqual(ok("taken"));
  expect(receiver.requests.map(({ headers }) => headers["api-key"])).toEqual(["k3J x", "k3J x"]);
  answers = { "POST /v1/traces": { status: 200 }, "POST /v1/metrics": { status: 403 } };
  expect(await look()).toEqual(failed("metrics are refused (403)", "OTEL_EXPORTER_OTLP_HEADERS"));
  answers = {};
  expect(await look()).toEqual(failed("traces are answered with 404", "4318"));
});

test("UptimeRobot: the monitor is on the second page; paused; not there; a wrong key", async () => {
  const env = {
    UPTIMEROBOT_API_KEY: "u29-4kq0ZmXw",
    UPTIMEROBOT_BASE_URL: receiver.url,
    PUBLIC_URL: "https://charlie.dev",
  };
  const look = () => examine("watching.uptime", env);
  const page = (url: string, status: string, nextLink: string | null) => ({
    status: 200,
    json: { nextLink, data: [{ id: 1, type: "HTTP", url, status }] },
  });
  answers = {
    "GET /monitors": page("https://other.dev", "UP", `${receiver.url}/more?cursor=2`),
    "GET /more": page("https://charlie.dev/health", "UP", null),
  };
  expect(await look()).toEqual(ok("it watches https://charlie.dev/health: up"));
  expect(last().headers["authorization"]).toBe("Bearer u29-4kq0ZmXw");
  answers = { ...answers, "GET /more": page("https://charlie.dev/health", "PAUSED", null) };
  expect(await look()).toEqual(failed("paused"));
  answers = { "GET /monitors": page("https://charlie.dev", "UP", null) };
  expect(await look()).toEqual(failed("nothing there watches https://charlie.dev/health"));
  answers = { "GET /monitors": { status: 401 } };
  expect(await look()).toEqual(failed("UptimeRobot answers GET monitors with 401"));
});
