import type { LogRecord } from '../logging/log';
import type { Metric } from '../ports/telemetry';

/** Where CloudWatch keeps the batch's metrics. */
export const NAMESPACE = 'makoto-daily-batch';

/** CloudWatch's names of units, where a metric has another one than `Count`. */
const UNITS: { readonly [M in Metric]?: string } = { export_bytes: 'Bytes', export_duration_seconds: 'Seconds' };

/** Each set of values of these is a metric of its own, and is paid for: so there are few. What else is known stands beside them. */
const BY_JOB = ['job'];
const BY_TENANT = ['job', 'tenant'];

/**
 * A metric as a line of a log that CloudWatch makes one of. Source: CloudWatch user guide, "Specification: Embedded metric format".
 *
 * @param dimensions masked already; those that are not a metric's dimensions can be searched for in the log
 */
export function embeddedMetric(
  metric: Metric,
  value: number,
  dimensions: LogRecord['dimensions'],
  timeMs: number,
): string {
  const sets = [BY_JOB, BY_TENANT].filter((names) => names.every((name) => isDimensionValue(dimensions[name])));
  const metrics = [{ Name: metric, Unit: UNITS[metric] ?? 'Count' }];
  const CloudWatchMetrics = [{ Namespace: NAMESPACE, Dimensions: sets.length > 0 ? sets : [[]], Metrics: metrics }];
  return JSON.stringify({ ...dimensions, _aws: { Timestamp: timeMs, CloudWatchMetrics }, [metric]: value });
}

/** Of 1 to 1,024 characters, all of them ASCII, and no colon first. Source: CloudWatch API reference, Dimension. */
function isDimensionValue(value: string | number | boolean | undefined): boolean {
  return typeof value === 'string' && /^(?!:)(?=.*[!-~])[ -~]{1,1024}$/.test(value);
}
