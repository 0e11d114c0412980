import { type Failure, PartMissingError } from '../errors';
import type { LateDay } from '../messages/late-rooms';
import { all, type Flow, one } from './flow';
import type { LateDayReport, TenantReport } from './report';
import type { PublishedDayFigures, StepResult, TenantDay, TenantRun } from './steps';

/**
 * A tenant's export: its day, then earlier days that the audit found more messages of. Never throws for a failed step: the report
 * says what failed, and the failure is recorded.
 *
 * @param now epoch ms, by the engine's clock
 */
export function* exportTenant(run: TenantRun, now: () => number): Flow<TenantReport> {
  const begun = now();
  const seconds = () => Math.round((now() - begun) / 100) / 10;
  const { tenant, date } = run;
  const day = yield* exportDay(run);
  if (!day.ok) {
    yield* one('recordFailure', { ...dayOf(run), failure: day.failure });
    return { tenant, date, status: 'failed', failure: day.failure, seconds: seconds() };
  }
  const { late: _late, ...figures } = day.value.figures;
  const lateDays = yield* exportLateDays(run, day.value.lateDays);
  const failure = lateDays.find(({ status }) => status === 'failed')?.failure;
  const outcome = failure === undefined ? { status: 'completed' as const } : { status: 'failed' as const, failure };
  return { tenant, date, ...outcome, ...figures, seconds: seconds(), ...(lateDays.length > 0 ? { lateDays } : {}) };
}

interface ExportedDay {
  readonly figures: PublishedDayFigures;
  readonly lateDays: readonly LateDay[];
}

/** Exports a day; once more from its plan on where another run has taken its parts away. */
function* exportDay(run: TenantRun): Flow<StepResult<ExportedDay>> {
  const exported = yield* exportDayOnce(run);
  const mendable = !exported.ok && exported.failure.code === PartMissingError.code;
  return mendable ? yield* exportDayOnce(run) : exported;
}

function* exportDayOnce(run: TenantRun): Flow<StepResult<ExportedDay>> {
  const day = dayOf(run);
  const planned = yield* one('planExport', day);
  if (!planned.ok) return planned;
  const { plan, shards, late, settles } = planned.value;
  const exported = yield* all(
    'exportShard',
    shards.map((shard) => ({ ...day, plan, shard, force: run.force })),
  );
  const failed = exported.find((result) => !result.ok);
  if (failed !== undefined) return failed as StepResult<never>;
  const results = exported.flatMap((result) =>
    result.ok ? [{ shard: result.value.shard, result: result.value.result }] : [],
  );
  const begun = run.startedAt === undefined ? {} : { startedAt: run.startedAt };
  const published = yield* one('publishExport', { ...day, plan, results, settles, ...begun });
  return published.ok ? { ok: true, value: { figures: published.value, lateDays: late } } : published;
}

/** Latest first: planning a late day may find more of days before it, which then have their turn. */
function* exportLateDays(run: TenantRun, found: readonly LateDay[]): Flow<LateDayReport[]> {
  const reports: LateDayReport[] = [];
  const pending = new Map(found.map((day) => [day.date, day]));
  for (let date = latestOf(pending); date !== undefined; date = latestOf(pending)) {
    const { rooms, published } = pending.get(date) as LateDay;
    pending.delete(date);
    if (!published) {
      reports.push({ date, rooms, status: 'not_published' });
      continue;
    }
    const lateRun = { ...run, date };
    const day = yield* exportDay(lateRun);
    if (day.ok) {
      reports.push({ date, rooms, status: 'completed', late: day.value.figures.late });
      const earlier = day.value.lateDays.filter((more) => !reports.some((report) => report.date === more.date));
      for (const more of earlier) pending.set(more.date, more);
    } else {
      yield* one('recordFailure', { ...dayOf(lateRun), failure: day.failure });
      reports.push({ date, rooms, status: 'failed', failure: inLateDay(day.failure, date) });
    }
  }
  return reports.sort((a, b) => (a.date < b.date ? -1 : 1));
}

function latestOf(days: ReadonlyMap<string, LateDay>): string | undefined {
  return [...days.keys()].sort().at(-1);
}

function inLateDay(failure: Failure, date: string): Failure {
  return { ...failure, message: `The late messages of ${date}: ${failure.message}` };
}

function dayOf({ tenant, timeZone, date, runId }: TenantDay): TenantDay {
  return { tenant, timeZone, date, ...(runId === undefined ? {} : { runId }) };
}
