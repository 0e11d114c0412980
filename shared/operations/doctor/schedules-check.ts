import { businessDay, targetDate } from '../../calendar';
import type { Settings } from '../../settings';
import type { Tenant } from '../../tenants';
import { type Check, fine, warning } from './check';
import { nextOccurrences } from './next-occurrences';

/** Runs that are looked ahead to: of a nightly schedule, those of a week. */
const RUNS_AHEAD = 7;

/** When the schedules' next runs are, and whether the export waits for the end of the day that it exports. */
export function checkSchedules(settings: Settings, tenants: readonly Tenant[], nowMs: number): Check[] {
  const { exportSchedule, youtube, businessTimeZone } = settings;
  const runs = nextOccurrences(exportSchedule, nowMs, RUNS_AHEAD);
  const schedules = [
    ['EXPORT_SCHEDULE', exportSchedule, runs[0]],
    ['YOUTUBE_SCHEDULE', youtube.schedule, nextOccurrences(youtube.schedule, nowMs, 1)[0]],
  ] as const;
  const told = schedules.map(([name, expression, next]) =>
    fine('schedules', `${expression} (UTC): the next run is ${shown(next, businessTimeZone)}.`, name),
  );
  const early = tenants.flatMap((tenant) => earlyRun(tenant, runs, settings));
  return [...told, ...early];
}

function shown(instantMs: number | undefined, zone: string): string {
  if (instantMs === undefined) return 'never';
  // The Swedish way of writing a date and a time is that of ISO 8601.
  const wall = new Date(instantMs).toLocaleString('sv-SE', { timeZone: zone });
  return `at ${new Date(instantMs).toISOString().slice(0, 19)}Z, which is ${wall} in ${zone}`;
}

function earlyRun({ id, timeZone }: Tenant, runs: readonly number[], { targetDateOffset }: Settings): Check[] {
  const early = runs.find((run) => businessDay(targetDate(run, timeZone, targetDateOffset), timeZone).end > run);
  if (early === undefined) return [];
  const date = targetDate(early, timeZone, targetDateOffset);
  const found = `The run at ${new Date(early).toISOString()} exports ${date}, and that day is not over then in ${timeZone}: messages that are still to come will be missing until it is run again.`;
  return [warning('schedules', found, 'Set TARGET_DATE_OFFSET to -1, or run the export after the day has ended.', id)];
}
