import type { TelemetrySettings } from '../settings';
import type { Destination } from './destination';
import { EXPORT_TIMEOUT_MS, through } from './outlet';

/** An endpoint that speaks OTLP over HTTP (opentelemetry.io/docs/specs/otlp): a collector, or a service that takes its place. */
export function otlp({ endpoint, headers }: NonNullable<TelemetrySettings['otlp']>): Destination {
  const { OTLPTraceExporter } =
    require('@opentelemetry/exporter-trace-otlp-http') as typeof import('@opentelemetry/exporter-trace-otlp-http');
  const { OTLPLogExporter } =
    require('@opentelemetry/exporter-logs-otlp-http') as typeof import('@opentelemetry/exporter-logs-otlp-http');
  const { OTLPMetricExporter } =
    require('@opentelemetry/exporter-metrics-otlp-http') as typeof import('@opentelemetry/exporter-metrics-otlp-http');
  const options = (signal: string) => ({
    url: `${endpoint}/v1/${signal}`,
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value.reveal()])),
    timeoutMillis: EXPORT_TIMEOUT_MS,
    concurrencyLimit: 8,
  });
  return {
    spans: through(new OTLPTraceExporter(options('traces'))),
    logs: through(new OTLPLogExporter(options('logs'))),
    metrics: through(new OTLPMetricExporter(options('metrics'))),
    gatherMs: 5_000,
  };
}
