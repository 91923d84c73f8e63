import { tellable, type Tellable } from "@charlie/contract";
import { BrowserClient, defaultStackParser, makeFetchTransport } from "@sentry/react";
import type { ReportSettings } from "./watch-errors.ts";

/** So many from one page; what breaks on every press of a key need not be told each time. */
const most = 10;
let sent = 0;
let client: BrowserClient | undefined;

const functionName = /^[\w$.<>[\]# ]{1,100}$/;

/** Frames of our own files only, named without what an address carries behind its path. */
function exceptionOf({ type, words, stack }: Tellable) {
  const frames = defaultStackParser(stack).flatMap((frame) => {
    const file = URL.parse(frame.filename ?? "");
    if (file?.origin !== location.origin || !file.pathname.startsWith("/assets/")) return [];
    const name = functionName.test(frame.function ?? "") ? frame.function : "?";
    return [
      { ...frame, filename: `${file.origin}${file.pathname}`, ...(name === undefined ? {} : { function: name }) },
    ];
  });
  return { type, value: words, ...(frames.length > 0 ? { stacktrace: { frames } } : {}) };
}

/** The page, with ids left out. */
const page = (): string => location.pathname.replaceAll(/\/[\da-f]{8}-[\da-f-]{27}(?=\/|$)/gi, "/:id");

/**
 * Sends one error to Sentry, or whoever speaks its protocol. No integration of Sentry's runs, so an event holds what
 * stands here: class and frames of the error, page, browser's name, workspace, release.
 */
export function sendReport({ dsn, release, environment }: ReportSettings, error: unknown, workspaceId?: string): void {
  sent += 1;
  if (sent > most) return;
  client ??= new BrowserClient({
    dsn,
    release,
    environment,
    transport: makeFetchTransport,
    stackParser: defaultStackParser,
    integrations: [],
    sendClientReports: false,
  });
  client.captureEvent({
    level: "error",
    tags: { role: "browser", page: page(), ...(workspaceId === undefined ? {} : { workspaceId }) },
    exception: { values: tellable(error).map(exceptionOf).toReversed() },
  });
}
