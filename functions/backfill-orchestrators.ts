import * as df from 'durable-functions';
import { divideIntoLanes } from '../shared/batch/lanes';
import type { JobReport } from '../shared/batch/report';
import { type BatchRequest, instanceId } from '../shared/batch/request';
import type { StepResult } from '../shared/batch/steps';
import type { Failure } from '../shared/errors';
import {
  type BackfillProgress,
  type BackfillStatus,
  waitForOtherRun,
} from '../shared/operations/backfill/backfill-progress';
import {
  type BackfillReport,
  type BackfillTally,
  backfillReport,
  type DayOutcome,
  dayOutcome,
  emptyDay,
  failedBackfill,
  failedDay,
  NO_DAYS,
  sumOfTallies,
  withDay,
} from '../shared/operations/backfill/backfill-report';
import { type BackfillRequest, daysOfStretches, type Stretch } from '../shared/operations/backfill/backfill-request';
import type {
  BackfillDayInput,
  PlannedBackfill,
  PlannedBackfillDay,
} from '../shared/operations/backfill/backfill-steps';
import type { DayState, DayStateInput } from './backfill-activities';
import { firstLine } from './first-line';
import {
  ATTEMPT,
  BACKFILL,
  BACKFILL_DAY,
  BACKFILL_LANE,
  DAILY_BATCH,
  LOOK_AT_DAY,
  PLAN_BACKFILL,
  PLAN_BACKFILL_DAY,
} from './names';

// The rules of replay that stand in orchestrators.ts hold here too.

/** Days after which a lane begins a new history: what it has in one grows with each day, and is read whole in each turn. */
const DAYS_IN_HISTORY = 30;

interface Lane {
  readonly backfill: string;
  readonly request: BackfillRequest;
  /** Every day of the backfill; this lane's are every `lanes`th of them, from the `lane`th on. */
  readonly stretches: readonly Stretch[];
  readonly lanes: number;
  readonly lane: number;
  /** How many of the lane's days are behind it, and what they came to. */
  readonly next: number;
  readonly tally: BackfillTally;
}

interface Day extends BackfillDayInput {
  readonly backfill: string;
  readonly lane: string;
}

df.app.orchestration(BACKFILL, function* backfill(context: df.OrchestrationContext): Generator<
  df.Task,
  BackfillReport
> {
  const request = context.df.getInput() as BackfillRequest;
  const planned = yield* attempt<PlannedBackfill>(context, PLAN_BACKFILL, request);
  if (!planned.ok) return failedBackfill(request, planned.failure);

  const { stretches, days, refused } = planned.value;
  const lanes = Math.min(request.concurrency, days);
  const { instanceId: id } = context.df;
  // Lanes of an earlier backfill of the same name that somebody has ended may still be at work: these are others.
  const begun = context.df.currentUtcDateTime.getTime().toString(36);
  const ids = Array.from({ length: lanes }, (_, lane) => `${id}:${begun}:${lane}`);
  context.df.setCustomStatus({ days, lanes: ids } satisfies BackfillStatus);
  const tasks = ids.map((laneId, lane) =>
    context.df.callSubOrchestrator(
      BACKFILL_LANE,
      { backfill: id, request, stretches, lanes, lane, next: 0, tally: NO_DAYS } satisfies Lane,
      laneId,
    ),
  );
  const ended = tasks.length === 0 ? [] : ((yield context.df.Task.all(tasks)) as BackfillTally[]);
  const tally = sumOfTallies(ended);
  context.df.setCustomStatus({ days, ...progressOf(tally) } satisfies BackfillStatus);
  return backfillReport(request, tally, refused);
});

/** Runs its days one after the other. Gives nothing where it goes on with a new history. */
df.app.orchestration(BACKFILL_LANE, function* backfillLane(context: df.OrchestrationContext): Generator<
  df.Task,
  BackfillTally | undefined
> {
  const lane = context.df.getInput() as Lane;
  const { backfill, request } = lane;
  const days = divideIntoLanes(daysOfStretches(lane.stretches), lane.lanes)[lane.lane] ?? [];
  const end = Math.min(days.length, lane.next + DAYS_IN_HISTORY);
  let { tally } = lane;
  for (const date of days.slice(lane.next, end)) {
    context.df.setCustomStatus(progressOf(tally, date));
    const outcome = yield* runDay(context, { backfill, lane: context.df.instanceId, request, date });
    tally = withDay(tally, outcome);
    if (outcome.status === 'left') {
      const others = days.slice(days.indexOf(date) + 1).map((left) => emptyDay(left, 'left'));
      return others.reduce(withDay, tally);
    }
  }
  context.df.setCustomStatus(progressOf(tally));
  if (end === days.length) return tally;
  context.df.continueAsNew({ ...lane, next: end, tally } satisfies Lane);
  return undefined;
});

/** A day that was stopped from outside, or met a defect, must not take the lane's other days with it. */
function* runDay(context: df.OrchestrationContext, day: Day): Generator<df.Task, DayOutcome> {
  try {
    return (yield context.df.callSubOrchestrator(BACKFILL_DAY, day)) as DayOutcome;
  } catch (error) {
    return failedDay(day.date, cutOff(error));
  }
}

/**
 * Runs a day as a run of the export, under the name that every run of the day has. A host does not keep a sub-orchestration from taking the
 * place of a running instance of its name, so this looks first, and waits while somebody else runs the day. Between the look and the start
 * somebody else may begin all the same: then the tenants' leases keep the two apart.
 */
df.app.orchestration(BACKFILL_DAY, function* backfillDay(context: df.OrchestrationContext): Generator<
  df.Task,
  DayOutcome
> {
  const { backfill, lane, request, date } = context.df.getInput() as Day;
  const run = instanceId({ job: 'export', date });
  let failure: Failure | undefined;
  for (let waits = 0; ; ) {
    const state = yield* attempt<DayState>(context, LOOK_AT_DAY, { run, backfill, lane } satisfies DayStateInput);
    if (!state.ok) return failedDay(date, state.failure);
    const { running, wanted } = state.value;
    if (!running && failure !== undefined) return failedDay(date, failure);
    if (!wanted) return emptyDay(date, 'left');
    if (!running) {
      const ended = yield* runExport(context, { request, date }, run);
      if (ended.ok) return ended.value;
      // Either it was ended from outside, or somebody else's run came in between: the next look tells.
      failure = ended.failure;
      continue;
    }
    failure = undefined;
    const waitMs = waitForOtherRun(waits);
    if (waitMs === undefined) return failedDay(date, underWay(run));
    waits += 1;
    yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + waitMs));
  }
});

function* runExport(
  context: df.OrchestrationContext,
  day: BackfillDayInput,
  run: string,
): Generator<df.Task, StepResult<DayOutcome>> {
  const planned = yield* attempt<PlannedBackfillDay>(context, PLAN_BACKFILL_DAY, day);
  const { date, request } = day;
  if (!planned.ok) return { ok: true, value: failedDay(date, planned.failure) };
  const { tenants } = planned.value;
  if (tenants.length === 0) return { ok: true, value: emptyDay(date, 'completed') };
  const by = request.requestedBy === undefined ? {} : { requestedBy: request.requestedBy };
  const input: BatchRequest = { job: 'export', date, tenants, force: request.force, ...by };
  try {
    const report = (yield context.df.callSubOrchestrator(DAILY_BATCH, input, run)) as JobReport;
    return { ok: true, value: dayOutcome(report) };
  } catch (error) {
    return { ok: false, failure: cutOff(error) };
  }
}

function* attempt<Output>(
  context: df.OrchestrationContext,
  name: string,
  input: object,
): Generator<df.Task, StepResult<Output>> {
  return (yield context.df.callSubOrchestrator(ATTEMPT, { name, input })) as StepResult<Output>;
}

function progressOf({ completed, failed }: BackfillTally, current?: string): BackfillProgress {
  return { done: completed, failed, current: current === undefined ? [] : [current] };
}

function cutOff(error: unknown): Failure {
  return { kind: 'transient', code: 'run_cut_off', message: firstLine(error), stage: 'run' };
}

function underWay(run: string): Failure {
  const message = `The run ${run} was under way all the time that was waited for it: run the backfill again when it has ended.`;
  return { kind: 'transient', code: 'day_in_use', message, stage: 'run' };
}
