import { randomBytes } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace-base';
import type { TracePlace } from './trace-parent';

/** Random ids; or those of a place that was given to others before its span was told of. */
export class PlannedIds implements IdGenerator {
  #planned: TracePlace | undefined;

  /** Runs `start`, whose span gets the place's ids. */
  at<T>(place: TracePlace, start: () => T): T {
    this.#planned = place;
    try {
      return start();
    } finally {
      this.#planned = undefined;
    }
  }

  readonly generateTraceId = (): string => this.#planned?.traceId ?? randomBytes(16).toString('hex');

  readonly generateSpanId = (): string => this.#planned?.spanId ?? randomBytes(8).toString('hex');
}
