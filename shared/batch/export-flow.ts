import { type Failure, PartMissingError } from '../errors';
import type { LateDay } from '../messages/late-rooms';
import type { RecordedDay } from '../messages/look-back';
import { stagesOf } from './export-stages';
import { all, type Flow, one } from './flow';
import type { CaughtUpDay, ExportFigures, LateDayReport, TenantReport } from './report';
import type { PublishedDayFigures, StepResult, SurveyedDays, TenantDay, TenantRun } from './steps';

/**
 * A tenant's export: days before it that are not published, oldest first, then its day, then earlier days that have other messages by now than
 * they were published with. Never throws for a failed step: the report says what failed, and the failure is recorded.
 *
 * @param now epoch ms, by the engine's clock
 */
export function* exportTenant(run: TenantRun, now: () => number): Flow<TenantReport> {
  const begun = now();
  const surveyed = yield* survey(run);
  const { missing, lookBack } = surveyed.ok ? surveyed.value : NO_DAYS;
  const past = yield* catchUp(run, missing);
  const day = yield* exportDay(run, lookBack);
  if (!day.ok) yield* one('recordFailure', { ...dayOf(run), failure: day.failure });
  const found = day.ok ? day.value.lateDays : [];
  const lateDays = yield* exportLateDays(run, [...past.lateDays, ...found]);
  const failures = [day, surveyed].flatMap((result) => (result.ok ? [] : [result.failure]));
  const ofDays = [...past.days, ...lateDays].filter(({ status }) => status === 'failed');
  const failure = failures[0] ?? ofDays[0]?.failure;
  return {
    tenant: run.tenant,
    date: run.date,
    ...(failure === undefined ? { status: 'completed' } : { status: 'failed', failure }),
    ...(day.ok ? figuresOf(day.value) : {}),
    seconds: Math.round((now() - begun) / 100) / 10,
    ...(past.days.length > 0 ? { caughtUp: past.days } : {}),
    ...(lateDays.length > 0 ? { lateDays } : {}),
  };
}

function figuresOf({ figures: { late: _late, revision: _revision, ...figures } }: ExportedDay): ExportFigures {
  return figures;
}

const NO_DAYS: SurveyedDays = { missing: [], lookBack: [] };

function* survey(run: TenantRun): Flow<StepResult<SurveyedDays>> {
  if (run.lookBack === undefined) return { ok: true, value: NO_DAYS };
  return yield* one('surveyDays', { ...dayOf(run), ...run.lookBack });
}

interface CaughtUp {
  readonly days: readonly CaughtUpDay[];
  /** Still earlier days that the audits of these found more messages of. */
  readonly lateDays: readonly LateDay[];
}

/** One day after the other: they share the run's limits with its own day. A day that cannot be made up for does not keep the next ones from it. */
function* catchUp(run: TenantRun, missing: readonly string[]): Flow<CaughtUp> {
  const days: CaughtUpDay[] = [];
  const lateDays: LateDay[] = [];
  for (const date of missing) {
    const missed = { ...run, date };
    const day = yield* exportDay(missed);
    if (day.ok) {
      days.push({ date, status: 'completed', exported: day.value.figures.exported });
      lateDays.push(...day.value.lateDays);
    } else {
      yield* one('recordFailure', { ...dayOf(missed), failure: day.failure });
      days.push({
        date,
        status: 'failed',
        failure: { ...day.failure, message: `The day ${date}: ${day.failure.message}` },
      });
    }
  }
  return { days, lateDays };
}

interface ExportedDay {
  readonly figures: PublishedDayFigures;
  readonly lateDays: readonly LateDay[];
}

/** Exports a day; once more from its plan on where another run has taken its parts away. */
function* exportDay(run: TenantRun, lookBack: readonly RecordedDay[] = []): Flow<StepResult<ExportedDay>> {
  const exported = yield* exportDayOnce(run, lookBack);
  const mendable = !exported.ok && exported.failure.code === PartMissingError.code;
  return mendable ? yield* exportDayOnce(run, lookBack) : exported;
}

function* exportDayOnce(run: TenantRun, lookBack: readonly RecordedDay[]): Flow<StepResult<ExportedDay>> {
  const day = dayOf(run);
  const planned = yield* one('planExport', { ...day, ...(lookBack.length > 0 ? { lookBack } : {}) });
  if (!planned.ok) return planned;
  const { plan, shards, late, settles } = planned.value;
  const exported = yield* all(
    'exportShard',
    shards.map((shard) => ({ ...day, plan, shard, force: run.force })),
  );
  const failed = exported.find((result) => !result.ok);
  if (failed !== undefined) return failed as StepResult<never>;
  const done = exported.flatMap((result) => (result.ok ? [result.value] : []));
  const results = done.map(({ shard, result }) => ({ shard, result }));
  const begun = run.startedAt === undefined ? {} : { startedAt: run.startedAt };
  const published = yield* one('publishExport', {
    ...day,
    plan,
    results,
    settles,
    ...begun,
    ...stagesOf(planned.value, done),
  });
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
      const { late, revision } = day.value.figures;
      const added = revision === undefined ? {} : { added: revision.exported };
      reports.push({ date, rooms, status: 'completed', late, ...added });
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

function dayOf({ tenant, timeZone, date, runId, lease }: TenantDay): TenantDay {
  return {
    tenant,
    timeZone,
    date,
    ...(runId === undefined ? {} : { runId }),
    ...(lease === undefined ? {} : { lease }),
  };
}
