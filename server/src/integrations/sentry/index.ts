import { tellable, type Tellable } from "@charlie/contract";
import { defaultStackParser, makeNodeTransport, NodeClient, type ErrorEvent } from "@sentry/node";

/** What stands beside an error: ids and names of ours, nothing that somebody wrote. */
const toldFields = ["workspaceId", "requestId", "method", "route", "code", "job", "attempt", "messageId"] as const;

export interface ErrorReports {
  /** Sends an error without its message; of `about` only the fields that are named here. Never throws, never waits. */
  report(this: void, error: unknown, about: Record<string, unknown>): void;
  /** Waits until what was reported is sent, at most so many ms. */
  flush(ms: number): Promise<void>;
}

/** So many in a minute; a broken database would tell of each request. */
const perMinute = 30;

const functionName = /^[\w$.<>[\]# ]{1,100}$/;

function exceptionOf({ type, words, stack }: Tellable) {
  const frames = defaultStackParser(stack)
    .filter(({ filename = "" }) => /^(\/|file:|node:|[A-Z]:)/.test(filename))
    .map((frame) => (functionName.test(frame.function ?? "") ? frame : { ...frame, function: "?" }));
  return { type, value: words, ...(frames.length > 0 ? { stacktrace: { frames } } : {}) };
}

/**
 * Errors to Sentry, or whoever speaks its protocol. A client of its own instead of `Sentry.init()`: no integration, so
 * nothing of a request, of the machine or of OpenTelemetry is collected, and nothing is patched. An event holds what
 * stands in this file.
 */
export function startSentry({
  dsn,
  release,
  environment,
  role,
}: {
  dsn: string;
  release: string;
  environment: string;
  role: string;
}): ErrorReports {
  const client = new NodeClient({
    dsn,
    release,
    environment,
    transport: makeNodeTransport,
    stackParser: defaultStackParser,
    integrations: [],
    includeServerName: false,
    enableRuntimeChannelInjection: false,
    sendClientReports: false,
  });
  let minute = { since: 0, sent: 0 };

  function mayTell(): boolean {
    if (Date.now() - minute.since >= 60_000) minute = { since: Date.now(), sent: 0 };
    minute.sent += 1;
    return minute.sent <= perMinute;
  }

  return {
    report: (error, about) => {
      if (!mayTell()) return;
      const tags = toldFields.flatMap((name): [string, string][] => {
        const value = about[name];
        return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
      });
      const event: ErrorEvent = {
        type: undefined,
        level: "error",
        tags: { role, ...Object.fromEntries(tags) },
        // Sentry wants what caused it first.
        exception: { values: tellable(error).map(exceptionOf).toReversed() },
      };
      client.captureEvent(event);
    },
    flush: async (ms) => {
      await client.flush(ms);
    },
  };
}
