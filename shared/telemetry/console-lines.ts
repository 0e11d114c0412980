import type { HrTime, SpanKind } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { TextSink } from '../logging/writers';
import type { Destination } from './destination';
import type { Send } from './outlet';

/** Telemetry as JSON, an object a line; `telemetry` says what a line is: `span`, `log` or `metric`. Times are ISO 8601, UTC. */
export function consoleLines(sink: TextSink): Destination {
  return {
    spans: lines(sink, (spans: ReadableSpan[]) => spans.map(spanLine)),
    logs: lines(sink, (records: ReadableLogRecord[]) => records.map(logLine)),
    metrics: lines(sink, metricLines),
    gatherMs: 200,
  };
}

function lines<Items>(sink: TextSink, toLines: (items: Items) => object[]): Send<Items> {
  return async (items, count) => {
    for (const line of toLines(items)) sink.write(`${JSON.stringify(line)}\n`);
    return count;
  };
}

/** By the numbers of {@link SpanKind}. */
const KINDS: Readonly<Record<SpanKind, string>> = ['internal', 'server', 'client', 'producer', 'consumer'];

function spanLine(span: ReadableSpan): object {
  const { traceId, spanId } = span.spanContext();
  const failed = span.status.code === 2;
  return {
    telemetry: 'span',
    time: isoTime(span.startTime),
    name: span.name,
    kind: KINDS[span.kind],
    seconds: seconds(span.duration),
    ...(failed ? { failure: span.status.message } : {}),
    trace: traceId,
    span: spanId,
    parent: span.parentSpanContext?.spanId,
    dimensions: span.attributes,
    events: span.events.length === 0 ? undefined : span.events.map(({ name, attributes }) => ({ name, attributes })),
  };
}

function logLine({ hrTime, severityText, body, spanContext, attributes }: ReadableLogRecord): object {
  const place = { trace: spanContext?.traceId, span: spanContext?.spanId };
  return {
    telemetry: 'log',
    time: isoTime(hrTime),
    level: severityText,
    message: body,
    ...place,
    dimensions: attributes,
  };
}

function metricLines({ scopeMetrics }: ResourceMetrics): object[] {
  return scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ endTime, value, attributes }) => ({
        telemetry: 'metric',
        time: isoTime(endTime),
        name: descriptor.name,
        value: typeof value === 'number' ? value : value.sum,
        dimensions: attributes,
      })),
    ),
  );
}

function isoTime([wholeSeconds, nanoseconds]: HrTime): string {
  return new Date(wholeSeconds * 1_000 + Math.floor(nanoseconds / 1e6)).toISOString();
}

function seconds([wholeSeconds, nanoseconds]: HrTime): number {
  return wholeSeconds + Math.round(nanoseconds / 1e6) / 1_000;
}
