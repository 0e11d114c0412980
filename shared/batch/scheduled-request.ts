import { targetDate } from '../calendar';
import type { Clock } from '../ports/clock';
import type { Settings } from '../settings';
import type { BatchRequest, Job } from './request';

export interface ScheduleSource {
  readonly settings: Pick<Settings, 'businessTimeZone' | 'targetDateOffset'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** The request of a scheduled run: its date is the business zone's, for the run's name. A sync reads what is there today. */
export function scheduledRequest(job: Job, { settings, clock }: ScheduleSource): BatchRequest {
  const now = clock.now();
  const offset = job === 'export' ? settings.targetDateOffset : 0;
  return {
    job,
    date: targetDate(now, settings.businessTimeZone, offset),
    scheduledAt: new Date(now).toISOString(),
    force: false,
  };
}
