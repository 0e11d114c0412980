import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordProcessor,
  type ReadableLogRecord,
} from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Destination } from './destination';
import { EXPORT_TIMEOUT_MS, Outlet } from './outlet';
import { SampledSpans } from './span-sampling';

/** What every signal says it is of: the role name of Application Insights. */
export const SERVICE_NAME = 'makoto-daily-batch';

/** The most spans, and the most log lines, that wait to be sent: a few megabytes. What is more is dropped. */
const MOST_WAITING = 4_096;

const LONGEST_VALUE = 8_192;
const METRICS_EVERY_MS = 30_000;

/** Metrics carry the tenant: so many may end in one interval before OpenTelemetry counts further ones together, namelessly. */
const MOST_METRIC_POINTS = 20_000;

export interface Providers {
  readonly tracers: BasicTracerProvider;
  readonly loggers: LoggerProvider;
  readonly meters: MeterProvider;
  readonly outlets: readonly Outlet[];
}

/** The parts of OpenTelemetry, bounded in what they keep and in how long they try. */
export function createProviders(
  destinations: readonly Destination[],
  sampling: number,
  idGenerator: IdGenerator,
): Providers {
  const resource = resourceFromAttributes({ 'service.name': SERVICE_NAME });
  const limits = { attributeValueLengthLimit: LONGEST_VALUE };
  const ways = destinations.map((destination) => ({
    destination,
    outlet: new Outlet(),
  }));
  return {
    tracers: new BasicTracerProvider({
      resource,
      idGenerator,
      // Whether the caller has sampled its trace means nothing here: the Functions host says no where nobody asked it.
      sampler: new AlwaysOnSampler(),
      spanLimits: limits,
      spanProcessors: ways.map(({ destination, outlet }) => spanProcessor(destination, outlet, sampling)),
    }),
    loggers: new LoggerProvider({
      resource,
      logRecordLimits: limits,
      processors: ways.map(({ destination, outlet }) => logProcessor(destination, outlet)),
    }),
    meters: new MeterProvider({
      resource,
      readers: ways.map(({ destination, outlet }) => metricReader(destination, outlet)),
    }),
    outlets: ways.map(({ outlet }) => outlet),
  };
}

function spanProcessor({ spans, gatherMs }: Destination, outlet: Outlet, sampling: number): SpanProcessor {
  const exporter = outlet.exporter(spans, (items: ReadableSpan[]) => items.length, outlet.gathered);
  const batch = new BatchSpanProcessor(exporter, batching(gatherMs));
  return new SampledSpans(batch, sampling, outlet.gathered);
}

function logProcessor({ logs, gatherMs }: Destination, outlet: Outlet): LogRecordProcessor {
  const exporter = {
    ...outlet.exporter(logs, (items: ReadableLogRecord[]) => items.length, outlet.gathered),
    forceFlush: async () => undefined,
  };
  const batch = new BatchLogRecordProcessor(exporter, batching(gatherMs));
  return {
    onEmit: (record) => {
      outlet.gathered.offered += 1;
      batch.onEmit(record);
    },
    forceFlush: () => batch.forceFlush(),
    shutdown: () => batch.shutdown(),
  };
}

function batching(gatherMs: number) {
  return {
    maxQueueSize: MOST_WAITING,
    maxExportBatchSize: 512,
    scheduledDelayMillis: gatherMs,
    exportTimeoutMillis: 2 * EXPORT_TIMEOUT_MS,
  };
}

function metricReader({ metrics }: Destination, outlet: Outlet): PeriodicExportingMetricReader {
  const inner = outlet.exporter(metrics, pointsOf, outlet.collected);
  const exporter: PushMetricExporter = {
    export: (items, done) => {
      outlet.collected.offered += pointsOf(items);
      inner.export(items, done);
    },
    forceFlush: async () => undefined,
    shutdown: () => inner.shutdown(),
    // An instance lives for a part of a run and counts what it did: differences add up across instances, totals do not.
    selectAggregationTemporality: () => AggregationTemporality.DELTA,
  };
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: METRICS_EVERY_MS,
    exportTimeoutMillis: 2 * EXPORT_TIMEOUT_MS,
    cardinalityLimits: { default: MOST_METRIC_POINTS },
  });
}

function pointsOf({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics.flatMap(({ metrics }) => metrics).reduce((sum, { dataPoints }) => sum + dataPoints.length, 0);
}
