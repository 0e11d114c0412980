import { AsyncLocalStorage } from 'node:async_hooks';
import { type LogRecord, maskedDimensions } from '../logging/log';
import type { Masker } from '../logging/masking';
import { jsonLines, type TextSink } from '../logging/writers';
import type { LoggedTelemetry } from './create-telemetry';
import { embeddedMetric } from './embedded-metric';
import { noTelemetry } from './no-telemetry';

export interface CloudWatchOptions {
  /** What CloudWatch takes its log from, a line each. */
  readonly sink: TextSink;
  readonly masker: Masker;
  readonly now?: () => number;
}

/**
 * The log and the metrics as lines of JSON, which is all that CloudWatch needs. A line has the dimensions of the work that it was written
 * in, so that whatever is told on the way to a step's end (a call that is tried again, an error of an adapter) can be found by tenant,
 * job, date, run and stage. A line is written when it is told: a function that is frozen or killed keeps none back.
 */
export function cloudWatch({ sink, masker, now = Date.now }: CloudWatchOptions): LoggedTelemetry {
  const work = new AsyncLocalStorage<LogRecord['dimensions']>();
  const writeLine = jsonLines(sink);
  return {
    ...noTelemetry,
    span: (_name, dimensions, doWork) => {
      const inner = { ...work.getStore(), ...maskedDimensions(masker, dimensions) };
      return work.run(inner, () => noTelemetry.span(_name, dimensions, doWork));
    },
    record: (metric, value, dimensions) => {
      const all = { ...work.getStore(), ...maskedDimensions(masker, dimensions) };
      sink.write(`${embeddedMetric(metric, value, all, now())}\n`);
    },
    write: (record) => writeLine({ ...record, dimensions: { ...work.getStore(), ...record.dimensions } }),
  };
}
