import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { Masker } from '../../../shared/logging/masking';
import type { Destination } from '../../../shared/telemetry/destination';
import { OpenTelemetry } from '../../../shared/telemetry/open-telemetry';

/** A destination that keeps what it is sent. */
export class Collecting implements Destination {
  readonly sent: ReadableSpan[] = [];
  readonly lines: ReadableLogRecord[] = [];
  readonly points: { readonly name: string; readonly value: unknown; readonly attributes: object }[] = [];
  readonly gatherMs = 60_000;

  readonly spans = async (spans: ReadableSpan[], count: number) => {
    this.sent.push(...spans);
    return count;
  };

  readonly logs = async (records: ReadableLogRecord[], count: number) => {
    this.lines.push(...records);
    return count;
  };

  readonly metrics = async ({ scopeMetrics }: ResourceMetrics, count: number) => {
    for (const { descriptor, dataPoints } of scopeMetrics.flatMap(({ metrics }) => metrics)) {
      for (const { value, attributes } of dataPoints) this.points.push({ name: descriptor.name, value, attributes });
    }
    return count;
  };

  span(name: string): ReadableSpan {
    const found = this.sent.find((span) => span.name === name);
    if (found === undefined) throw new Error(`No span ${name} was sent, but ${this.sent.map((span) => span.name)}.`);
    return found;
  }
}

export interface Telling {
  readonly telemetry: OpenTelemetry;
  readonly to: Collecting;
  readonly lost: number[];
}

export function telling(
  options: { sampling?: number; secrets?: string[]; destinations?: Destination[] } = {},
): Telling {
  const to = new Collecting();
  const lost: number[] = [];
  const telemetry = new OpenTelemetry({
    destinations: options.destinations ?? [to],
    sampling: options.sampling ?? 1,
    masker: new Masker(options.secrets ?? []),
    onLoss: (count) => lost.push(count),
  });
  return { telemetry, to, lost };
}
