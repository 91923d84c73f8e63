import { monitorEventLoopDelay } from "node:perf_hooks";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import type { Resource } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader, type IMetricReader } from "@opentelemetry/sdk-metrics";
import type { Database } from "../../db/client.ts";
import type { AnswerEnd, Gauge } from "../../telemetry.ts";

/** How long what was measured of the service is taken for true, in ms: two readers may ask at once. */
const measuredForMs = 5_000;

/** In seconds; answers stream for minutes. */
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 330];

async function startPrometheus(port: number): Promise<PrometheusExporter> {
  // The host's network is not this process's: in compose the port is published by nobody.
  const exporter = new PrometheusExporter({ port, host: "0.0.0.0", withoutScopeInfo: true, preventServerStart: true });
  await exporter.startServer();
  return exporter;
}

/** All instruments. Labels have few values: no id, no address, no model's name that somebody chose. */
export async function startMetrics({
  metricsPort,
  otlp,
  resource,
}: {
  metricsPort: number | undefined;
  otlp: boolean;
  resource: Resource;
}) {
  const readers: IMetricReader[] = [
    ...(metricsPort === undefined ? [] : [await startPrometheus(metricsPort)]),
    ...(otlp ? [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })] : []),
  ];
  const provider = new MeterProvider({ resource, readers });
  const meter = provider.getMeter("charlie");

  const requests = meter.createHistogram("http.server.request.duration", {
    unit: "s",
    description: "Requests by kind of route and status, and how long they took",
    advice: { explicitBucketBoundaries: boundaries },
  });
  const answers = meter.createCounter("charlie.answers", { description: "Answers that ended, by outcome and payer" });
  const cost = meter.createCounter("charlie.ai.cost", { unit: "USD", description: "What AI cost, by payer" });
  const errors = meter.createCounter("charlie.errors", { description: "Errors that were logged" });
  const failed = meter.createCounter("charlie.jobs.failed", { description: "Tries of jobs that failed, by job" });

  meter
    .createObservableGauge("process.memory.usage", { unit: "By", description: "Resident memory" })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  meter
    .createObservableGauge("nodejs.eventloop.delay.p99", { unit: "s", description: "Since it was asked last" })
    .addCallback((result) => {
      const p99 = delay.percentile(99) / 1e9;
      result.observe(Number.isFinite(p99) ? p99 : 0);
      delay.reset();
    });

  return {
    request: (routeClass: string, status: number, seconds: number): void =>
      requests.record(seconds, { route_class: routeClass, "http.response.status_code": status }),
    answer: ({ outcome, payer, provider: name, costMicros }: AnswerEnd): void => {
      answers.add(1, { outcome, payer });
      cost.add(costMicros / 1e6, { payer, provider: name });
    },
    error: (job: string | undefined): void => {
      errors.add(1);
      if (job !== undefined) failed.add(1, { job });
    },
    watchPools: (db: Database): void => {
      meter
        .createObservableGauge("charlie.db.connections", { description: "Of each pool, by what they do" })
        .addCallback((result) => {
          for (const name of ["app", "operator"] as const) {
            const { totalCount, idleCount, waitingCount } = db[name];
            result.observe(totalCount - idleCount, { pool: name, state: "used" });
            result.observe(idleCount, { pool: name, state: "idle" });
            result.observe(waitingCount, { pool: name, state: "waiting" });
          }
        });
    },
    watchService: async (measure: () => Promise<Gauge[]>): Promise<void> => {
      let known = { at: performance.now(), gauges: measure() };
      const seen = (): Promise<Gauge[]> => {
        if (performance.now() - known.at > measuredForMs)
          known = { at: performance.now(), gauges: measure().catch(() => []) };
        return known.gauges;
      };
      for (const { name, unit, description } of await seen()) {
        meter.createObservableGauge(name, { unit, description }).addCallback(async (result) => {
          const value = (await seen()).find((gauge) => gauge.name === name)?.value ?? null;
          if (value !== null) result.observe(value);
        });
      }
    },
    stop: async (): Promise<void> => {
      delay.disable();
      await provider.shutdown();
    },
  };
}
