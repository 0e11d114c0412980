import { addDays, type BusinessDate, businessDateAt, targetDate } from '../../../calendar';
import type { Settings } from '../../../settings';
import { lastOccurrence } from '../../last-occurrence';

/** A run that began this long ago should be through. */
const TIME_TO_RUN_MS = 3_600_000;

export interface DueDaysSource {
  readonly settings: Pick<Settings, 'exportSchedule' | 'targetDateOffset'>;
  readonly nowMs: number;
}

/** The newest date of a zone that the schedule has run and that should be there by now. */
export function lastDueDate({ settings, nowMs }: DueDaysSource, zone: string): BusinessDate {
  const ran = lastOccurrence(settings.exportSchedule, nowMs - TIME_TO_RUN_MS);
  if (ran === undefined) return addDays(businessDateAt(nowMs, zone), -1 - daysOf(settings));
  return targetDate(ran, zone, settings.targetDateOffset);
}

/** The newest date of a zone that is of any interest: the one whose run is due next, or that has just begun. */
export function newestDate({ settings, nowMs }: DueDaysSource, zone: string): BusinessDate {
  return targetDate(nowMs, zone, settings.targetDateOffset);
}

function daysOf({ targetDateOffset }: Pick<Settings, 'targetDateOffset'>): number {
  return -targetDateOffset;
}
