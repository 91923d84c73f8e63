import { reportsMeta } from "./reports-meta.ts";

/** What the server told this page, as it stands in the meta element. */
export interface ReportSettings {
  dsn: string;
  release: string;
  environment: string;
}

interface Watching {
  /** Where the reader is, once that is known. */
  workspaceId?: () => string | undefined;
  /** What need not be reported. */
  ignore?: (error: unknown) => boolean;
}

/**
 * Reports what nobody caught, and what a page's error boundary caught, without its message. The code that does so is
 * fetched by the first error. Returns options for React's root: none where the server did not say where to report.
 */
export function watchErrors({ workspaceId, ignore }: Watching = {}): { onCaughtError?: (error: unknown) => void } {
  const told = document.querySelector<HTMLMetaElement>(`meta[name="${reportsMeta}"]`)?.content;
  if (told === undefined) return {};
  const settings = JSON.parse(told) as ReportSettings;
  const report = async (thrown: unknown): Promise<void> => {
    if (ignore?.(thrown)) return;
    // Offline there is nobody to tell.
    const sender = await import("./send-report.ts").catch(() => null);
    sender?.sendReport(settings, thrown, workspaceId?.());
  };
  addEventListener("error", ({ error }) => void report(error));
  addEventListener("unhandledrejection", ({ reason }) => void report(reason));
  return { onCaughtError: (error) => void report(error) };
}
