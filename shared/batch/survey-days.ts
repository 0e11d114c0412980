import { addDays } from '../calendar';
import type { DayRecord } from '../history/day-record';
import { firstDay, readDays } from '../history/read-days';
import type { RecordedDay } from '../messages/look-back';
import type { BatchPlatform } from './batch-platform';
import type { LookBack, SurveyedDays, TenantDay } from './steps';

/**
 * Looks back from a tenant's day, by run records alone: which days before it are not published and have to be made up for, and which are
 * published and recent enough to be listed again. Days before the tenant's first record are none of them: a tenant that is added today has no
 * past until somebody asks for it.
 *
 * One request; one more where every day of the window is missing or the oldest is.
 */
export async function surveyDays(
  { metadata, log }: Pick<BatchPlatform, 'metadata' | 'log'>,
  { tenant, date, catchUpDays, lateWindowDays }: TenantDay & LookBack,
): Promise<SurveyedDays> {
  const reach = Math.max(catchUpDays, lateWindowDays);
  if (reach === 0) return { missing: [], lookBack: [] };
  const before = (days: number) => Array.from({ length: days }, (_, back) => addDays(date, back - days));
  const { days, unreadable } = await readDays(metadata, tenant, { from: addDays(date, -reach), to: addDays(date, -1) });
  for (const problem of unreadable) log.warn(problem, { tenant, stage: 'survey' });
  const records = new Map(days.map((day) => [day.date, day]));
  const published = (day: string) => records.get(day)?.status === 'completed';
  const missing = await withoutTheTimeBefore(
    before(catchUpDays).filter((day) => !published(day)),
    days[0]?.date,
    () => firstDay(metadata, tenant),
  );
  const lookBack = before(lateWindowDays).flatMap((day) => {
    const record = records.get(day);
    return record?.status === 'completed' ? [recordedDay(record)] : [];
  });
  return { missing, lookBack };
}

/** Only the days after the tenant's first one. The records at hand mostly tell; where they do not, the first record of all is asked for. */
async function withoutTheTimeBefore(
  missing: readonly string[],
  firstAtHand: string | undefined,
  firstOfAll: () => Promise<string | undefined>,
): Promise<string[]> {
  const [oldest] = missing;
  if (oldest === undefined) return [];
  const first = firstAtHand !== undefined && firstAtHand <= oldest ? firstAtHand : await firstOfAll();
  return first === undefined ? [] : missing.filter((day) => day >= first);
}

function recordedDay({ date, input_sum: inputSum, objects, unnamed_rooms: unnamed = 0 }: DayRecord): RecordedDay {
  return {
    date,
    ...(inputSum === undefined ? {} : { inputSum }),
    ...(objects === undefined ? {} : { objects }),
    unnamedRooms: unnamed > 0,
  };
}
