import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { context } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { Database } from "../../db/client.ts";
import type { Gauge, Telemetry } from "../../telemetry.ts";
import { startMetrics } from "./metrics.ts";
import { startTraces } from "./traces.ts";

export interface StartedTelemetry extends Telemetry {
  /** From here on these connections are counted. */
  watchPools(db: Database): void;
  /** What `measure` finds is told whenever somebody asks; what it can't measure later is left out. Throws what it throws at first. */
  watchService(measure: () => Promise<Gauge[]>): Promise<void>;
  /** Sends what is left, and ends. */
  stop(): Promise<void>;
}

/**
 * Numbers for Prometheus at `/metrics` on `metricsPort`, and traces and numbers by OTLP where `otlp` is set: then
 * OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_ENDPOINT, …_HEADERS and so on) say where to. Throws where the port is taken.
 * Loaded only where one of the two is configured; nothing else of the server imports OpenTelemetry.
 */
export async function startTelemetry({
  metricsPort,
  otlp,
  release,
  role,
}: {
  metricsPort: number | undefined;
  otlp: boolean;
  release: string;
  role: string;
}): Promise<StartedTelemetry> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  // Names of OpenTelemetry's semantic conventions.
  const resource = resourceFromAttributes({
    "service.name": "teach-charlie",
    "service.version": release,
    "service.instance.role": role,
  });
  const metrics = await startMetrics({ metricsPort, otlp, resource });
  const traces = otlp ? startTraces(resource) : null;

  return {
    request: (about, next) => {
      const span = traces?.request(about);
      if (span) span.run(next);
      else next();
      return (status, seconds) => {
        metrics.request(about.routeClass, status, seconds);
        span?.end(status);
      };
    },
    answer: metrics.answer,
    error: metrics.error,
    watchPools: metrics.watchPools,
    watchService: metrics.watchService,
    stop: async () => {
      await Promise.allSettled([metrics.stop(), traces?.stop()]);
    },
  };
}
