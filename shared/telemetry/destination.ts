import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { Send } from './outlet';

/** Somewhere that telemetry goes. */
export interface Destination {
  readonly spans: Send<ReadableSpan[]>;
  readonly logs: Send<ReadableLogRecord[]>;
  readonly metrics: Send<ResourceMetrics>;
  /** How long spans and log lines are gathered before they are sent, in milliseconds. */
  readonly gatherMs: number;
}
