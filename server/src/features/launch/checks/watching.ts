import { randomUUID } from "node:crypto";
import { findMonitor, UptimeRobotError, watchedUrl } from "../../../integrations/uptimerobot/index.ts";
import { ask, check, Wrong } from "./check.ts";

/** What a DSN is made of: https://docs.sentry.io/concepts/key-terms/dsn-explainer */
function readDsn(dsn: string): { envelopes: URL; key: string } {
  const { protocol, host, pathname, username } = new URL(dsn);
  const [, prefix = "", project = ""] = /^(.*)\/(\d+)\/?$/.exec(pathname) ?? [];
  if (username === "" || project === "")
    throw new Wrong("SENTRY_DSN is no DSN", "Copy it from Sentry: project settings, Client Keys.");
  return { envelopes: new URL(`${protocol}//${host}${prefix}/api/${project}/envelope/`), key: username };
}

const sentry = check({
  id: "watching.sentry",
  group: "watching",
  looksAt: "Sentry takes a test event",
  needed: false,
  variables: ["SENTRY_DSN"],
  run: async ({ SENTRY_DSN }, { signal }) => {
    const { envelopes, key } = readDsn(SENTRY_DSN);
    const event = {
      event_id: randomUUID().replaceAll("-", ""),
      timestamp: Date.now() / 1_000,
      platform: "node",
      level: "info",
      logger: "doctor",
      message: "Teach Charlie's doctor says hello: errors would arrive here.",
      // All of them are one issue in Sentry.
      fingerprint: ["teach-charlie-doctor"],
    };
    // An envelope: https://develop.sentry.dev/sdk/data-model/envelopes/
    const body = [{ event_id: event.event_id }, { type: "event" }, event]
      .map((part) => JSON.stringify(part))
      .join("\n");
    const answer = await ask("Sentry", envelopes, {
      method: "POST",
      headers: {
        "content-type": "application/x-sentry-envelope",
        "x-sentry-auth": `Sentry sentry_version=7, sentry_client=teach-charlie/1, sentry_key=${key}`,
      },
      body,
      signal,
    });
    if (answer.ok) return "a test event was taken";
    if (answer.status === 429)
      throw new Wrong("Sentry takes no more events now", "Look at the project's quota and rate limits.");
    throw new Wrong(
      `Sentry refuses the event (${answer.status})`,
      "Copy the DSN anew from Sentry: project settings, Client Keys.",
    );
  },
});

const posthog = check({
  id: "watching.posthog",
  group: "watching",
  looksAt: "PostHog knows the project key, and takes a test event",
  needed: false,
  variables: ["POSTHOG_KEY"],
  reads: ["POSTHOG_HOST"],
  run: async ({ POSTHOG_KEY, POSTHOG_HOST }, { signal }) => {
    const home = (POSTHOG_HOST ?? "https://us.i.posthog.com").replace(/\/+$/, "");
    const post = (path: string, body: object) =>
      ask("PostHog", `${home}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ api_key: POSTHOG_KEY, distinct_id: "teach-charlie-doctor", ...body }),
        signal,
      });
    const wrongKey =
      "Copy the project key (phc_…) from PostHog: settings, project; and see that POSTHOG_HOST is its region.";
    // Events are taken from anybody and looked at later; flags are answered for a known key only.
    const flags = await post("/flags/?v=2", {});
    if (!flags.ok) throw new Wrong(`PostHog does not know the key (${flags.status})`, wrongKey);
    const event = await post("/i/v0/e/", {
      event: "doctor looked",
      properties: { $process_person_profile: false },
      timestamp: new Date().toISOString(),
    });
    if (!event.ok) throw new Wrong(`PostHog refuses the event (${event.status})`, wrongKey);
    return "the key is known, and a test event was taken";
  },
});

/** OpenTelemetry's list: `name=value,name=value`, values percent-encoded. */
const headersOf = (list: string | undefined): Record<string, string> =>
  Object.fromEntries(
    (list ?? "").split(",").flatMap((pair) => {
      const [name = "", ...value] = pair.split("=");
      return name.trim() === "" ? [] : [[name.trim(), decodeURIComponent(value.join("=").trim())]];
    }),
  );

const otlp = check({
  id: "watching.otlp",
  group: "watching",
  looksAt: "Where traces and metrics go (Datadog, New Relic, Grafana …) takes them",
  needed: false,
  variables: ["OTEL_EXPORTER_OTLP_ENDPOINT"],
  reads: ["OTEL_EXPORTER_OTLP_HEADERS"],
  run: async ({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS }, { signal }) => {
    const base = OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, "");
    for (const kind of ["traces", "metrics"]) {
      const answer = await ask("The collector", `${base}/v1/${kind}`, {
        method: "POST",
        headers: { ...headersOf(OTEL_EXPORTER_OTLP_HEADERS), "content-type": "application/x-protobuf" },
        // A report of nothing: a protobuf message without fields has no bytes.
        body: new Uint8Array(),
        signal,
      });
      if (answer.status === 401 || answer.status === 403)
        throw new Wrong(`${kind} are refused (${answer.status})`, "Look at the key in OTEL_EXPORTER_OTLP_HEADERS.");
      if (!answer.ok)
        throw new Wrong(
          `${kind} are answered with ${answer.status}`,
          "OTEL_EXPORTER_OTLP_ENDPOINT is the address before /v1/traces, for OTLP over HTTP (port 4318 usually).",
        );
    }
    return "an empty report of each was taken";
  },
});

const uptimeRobot = check({
  id: "watching.uptime",
  group: "watching",
  looksAt: "UptimeRobot watches /health from outside",
  needed: false,
  variables: ["UPTIMEROBOT_API_KEY"],
  reads: ["UPTIMEROBOT_BASE_URL", "PUBLIC_URL"],
  run: async ({ UPTIMEROBOT_API_KEY: apiKey, UPTIMEROBOT_BASE_URL: baseUrl, PUBLIC_URL }) => {
    if (PUBLIC_URL === undefined) throw new Wrong("PUBLIC_URL is not set", "Set PUBLIC_URL first.");
    const found = await findMonitor({ apiKey, baseUrl }, PUBLIC_URL).catch((error: unknown) => {
      if (!(error instanceof UptimeRobotError)) throw error;
      throw new Wrong(error.message, "Is it the main key of UptimeRobot: Integrations, API?", error);
    });
    const wanted = watchedUrl(PUBLIC_URL);
    if (found === null) {
      throw new Wrong(
        `nothing there watches ${wanted}`,
        "Start the worker once: it makes the monitor. Or add it in UptimeRobot.",
      );
    }
    if (found.status === "PAUSED") throw new Wrong("its monitor is paused", "Start it in UptimeRobot's dashboard.");
    return `it watches ${wanted}${found.status ? `: ${found.status.toLowerCase()}` : ""}`;
  },
});

export const watchingChecks = [sentry, posthog, otlp, uptimeRobot];
