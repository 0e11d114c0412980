import type { BatchPlatform } from '../../batch/batch-platform';
import { type InlineHooks, runInline, STEPS_AT_ONCE } from '../../batch/inline-engine';
import { toFailure } from '../../errors';
import { limiter, mapLimited } from '../../limiter';
import {
  type BackfillReport,
  backfillReport,
  type DayOutcome,
  dayOutcome,
  emptyDay,
  failedDay,
  NO_DAYS,
  withDay,
} from './backfill-report';
import type { BackfillRequest } from './backfill-request';
import { type BackfillWork, daysToRun } from './backfill-work';

export interface BackfillHooks extends Pick<InlineHooks, 'onStep'> {
  readonly onDayBegun?: (date: string) => void;
  readonly onDay?: (outcome: DayOutcome) => void;
  /** Asked before each day: from then on none is begun any more. */
  readonly isStopped?: () => boolean;
}

/**
 * Runs the days of a backfill in this process, oldest first, some side by side, each as a run of the export for its tenants. A day that fails
 * stops no other. Killed anywhere, the same backfill goes on where it was: published days are not among its work any more.
 */
export async function runBackfill(
  platform: BatchPlatform,
  request: BackfillRequest,
  work: BackfillWork,
  hooks: BackfillHooks = {},
): Promise<BackfillReport> {
  const { concurrency, force, requestedBy } = request;
  const { onStep, onDayBegun, onDay, isStopped = () => false } = hooks;
  // One bound for all days: each step holds buffers of its own.
  const shared: InlineHooks = { steps: limiter(STEPS_AT_ONCE), ...(onStep === undefined ? {} : { onStep }) };
  const runDay = async (date: string, tenants: readonly string[]): Promise<DayOutcome> => {
    if (isStopped()) return emptyDay(date, 'left');
    onDayBegun?.(date);
    try {
      const by = requestedBy === undefined ? {} : { requestedBy };
      return dayOutcome(await runInline(platform, { job: 'export', date, tenants, force, ...by }, shared));
    } catch (error) {
      return failedDay(date, toFailure(error, { stage: 'run' }));
    }
  };
  const outcomes = await mapLimited(daysToRun(work), limiter(concurrency), async ({ date, tenants }) => {
    const outcome = await runDay(date, tenants);
    onDay?.(outcome);
    return outcome;
  });
  return backfillReport(request, outcomes.reduce(withDay, NO_DAYS), work.refused);
}
