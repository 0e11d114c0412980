import type { DayRecord } from '../../shared/history/day-record';
import type { RunSummary } from '../../shared/history/run-summary';
import { runItem } from '../../shared/history/write-run';
import type { MetadataItem } from '../../shared/ports/metadata-store';
import { courseOf } from './history-courses';
import { dayItem, dayRecord } from './history-days';
import { dateOf, EXPORT_HOUR, type HistoryPlan, instantOf } from './history-tenants';

/** How many nights later a run can still change a day. */
const REACH = 2;

/** What one night leaves behind: the records of the days that it came to first, and the run's own. */
export function* exportNight(plan: HistoryPlan, night: number): Generator<MetadataItem> {
  const records = plan.tenants.flatMap((tenant) => {
    const day = night - tenant.lag;
    const course = courseOf(plan, tenant, day);
    return course === undefined ? [] : [{ tenant, course, record: dayRecord(plan, tenant, day, course) }];
  });
  for (const { record } of records) yield dayItem(record);
  if (plan.outages.has(night)) return;
  if (records.length === 0) return;
  const failed = records.filter(({ course }) => course.failedOn === night);
  const completed = records.filter(({ course }) => course.failedOn !== night).map(({ record }) => record);
  yield runItem({
    run: `export-${dateOf(night)}`,
    job: 'export',
    date: dateOf(night),
    status: failed.length === 0 ? 'completed' : completed.length > 0 ? 'partial' : 'failed',
    started_at: instantOf(night, EXPORT_HOUR, 0.2),
    ended_at: endOf(night, completed),
    requested_by: 'schedule',
    tenants: { completed: completed.length, failed: failed.length },
    figures: { exported: sumOf(completed, 'message_count'), bytes: sumOf(completed, 'bytes') },
    ...earlierDays(plan, night),
    failures: failed.flatMap(({ tenant, course }) =>
      course.failure === undefined ? [] : [{ tenant: tenant.id, ...course.failure }],
    ),
  });
}

/** How many earlier days a run made up for, and how many it published anew. */
function earlierDays(plan: HistoryPlan, night: number): Pick<RunSummary, 'caught_up' | 'late_days'> {
  let caughtUp = 0;
  let late = 0;
  for (const tenant of plan.tenants) {
    for (let before = 1; before <= REACH + 1; before++) {
      const course = courseOf(plan, tenant, night - tenant.lag - before);
      if (course?.publishedOn === night) caughtUp += 1;
      if (course?.revisedOn === night) late += 1;
    }
  }
  return { caught_up: caughtUp, late_days: late };
}

function sumOf(records: readonly DayRecord[], name: 'message_count' | 'bytes'): number {
  return records.reduce((sum, record) => sum + (record[name] ?? 0), 0);
}

/** Some time after the last of the days that the night itself published. */
function endOf(night: number, records: readonly DayRecord[]): string {
  const begun = instantOf(night, EXPORT_HOUR, 97);
  const own = records.map(({ processed_at: at }) => at).filter((at) => at < instantOf(night + 1, EXPORT_HOUR));
  const last = Math.max(...[begun, ...own].map((at) => Date.parse(at)));
  return new Date(last + 1_400).toISOString();
}
