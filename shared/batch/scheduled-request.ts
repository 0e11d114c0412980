import { targetDate } from '../calendar';
import type { Clock } from '../ports/clock';
import type { Settings } from '../settings';
import type { BatchRequest } from './request';

export interface ScheduleSource {
  readonly settings: Pick<Settings, 'businessTimeZone' | 'targetDateOffset'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** The request of a scheduled run: its date is the business zone's, for the run's name. */
export function scheduledRequest({ settings, clock }: ScheduleSource): BatchRequest {
  const now = clock.now();
  return {
    job: 'export',
    date: targetDate(now, settings.businessTimeZone, settings.targetDateOffset),
    scheduledAt: new Date(now).toISOString(),
    force: false,
  };
}
