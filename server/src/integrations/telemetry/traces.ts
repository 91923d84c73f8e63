import { createRequire } from "node:module";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import type { Resource } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace";
import type { RunningRequest } from "../../telemetry.ts";

/** A statement without the values that somebody wrote into it. */
const withoutLiterals = (sql: string): string => sql.replaceAll(/'(?:[^']|'')*'/g, "?").slice(0, 2_000);

/**
 * A span for each request, and within it one for each statement. Not `@fastify/otel`: it sends whole addresses, queries
 * included, and errors' messages, and makes a span of every hook.
 */
export function startTraces(resource: Resource) {
  const sending = new BatchSpanProcessor({ exporter: new OTLPTraceExporter() });
  const wordless: SpanProcessor = {
    onStart: () => {},
    onEnd: (span) => {
      // What PostgreSQL says of an error quotes values.
      delete span.status.message;
      sending.onEnd(span);
    },
    forceFlush: () => sending.forceFlush(),
    shutdown: () => sending.shutdown(),
  };
  const provider = new TracerProvider({ resource, spanProcessors: [wordless] });
  const tracer = provider.getTracer("charlie");

  const statements = new PgInstrumentation({
    // The queue asks all day long; only what belongs to a request is told.
    requireParentSpan: true,
    ignoreConnectSpans: true,
    requestHook: (span, { query }) => void span.setAttribute("db.query.text", withoutLiterals(query.text)),
  });
  statements.setTracerProvider(provider);
  // It takes hold of what is required; pg has long been imported, which leaves its classes the same.
  createRequire(import.meta.url)("pg");

  return {
    request: ({ route, method }: RunningRequest) => {
      const span = tracer.startSpan(`${method} ${route}`, {
        kind: SpanKind.SERVER,
        attributes: { "http.request.method": method, "http.route": route },
      });
      const inside = trace.setSpan(context.active(), span);
      return {
        run: (next: () => void): void => context.with(inside, next),
        end: (status: number): void => {
          span.setAttribute("http.response.status_code", status);
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    stop: async (): Promise<void> => {
      statements.disable();
      await provider.shutdown();
    },
  };
}
