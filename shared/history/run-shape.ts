import { z } from 'zod';
import type { MetadataItem } from '../ports/metadata-store';
import { count, date, failureFields, instant } from './record-shapes';
import type { RunSummary } from './run-summary';
import { problemsOf, unreadableRecord } from './unreadable';

type Fields<Of> = Record<keyof Of, z.ZodType>;

const figures = z.object({
  exported: count.exactOptional(),
  bytes: count.exactOptional(),
  videos: count.exactOptional(),
  quotaUnits: count.exactOptional(),
} satisfies Fields<RunSummary['figures']>);

const run = z.object({
  run: z.string().min(1),
  job: z.enum(['export', 'youtube']),
  date,
  status: z.enum(['completed', 'partial', 'failed']),
  started_at: instant,
  ended_at: instant,
  requested_by: z.string(),
  tenants: z.object({ completed: count, failed: count }),
  figures,
  caught_up: count,
  late_days: count,
  failures: z.array(z.object(failureFields)),
  failures_left_out: count.exactOptional(),
} satisfies Fields<RunSummary>);

/** The record of a run, or why it cannot be read. */
export function runSummaryOf(item: MetadataItem): RunSummary | string {
  const { data, error } = run.safeParse(item);
  return data ?? unreadableRecord(item, problemsOf(error));
}
