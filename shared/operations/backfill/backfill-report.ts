import type { JobReport, RunStatus } from '../../batch/report';
import type { Failure } from '../../errors';
import type { BackfillRequest, Stretch } from './backfill-request';
import { stretchesOf } from './backfill-request';

/** What a backfill came to crosses an orchestrator's history: it names so many failures and days, and counts the others. */
const MOST = { failuresOfDay: 3, failures: 40, days: 200, message: 300 } as const;

/** A failure of a day. */
export interface DayFailure extends Pick<Failure, 'kind' | 'code' | 'message' | 'tenant'> {
  readonly date: string;
}

/** How a day ended: `failed` where any of its tenants did, `left` where it was not begun because the backfill was stopped. */
export interface DayOutcome {
  readonly date: string;
  readonly status: 'completed' | 'failed' | 'left';
  /** Of the tenants that were listed one by one. */
  readonly messages: number;
  readonly failures: readonly DayFailure[];
}

/** Outcomes of days, counted. */
export interface BackfillTally {
  readonly completed: number;
  readonly failed: number;
  readonly left: number;
  readonly messages: number;
  /** Days that failed or were left, some of many. */
  readonly notDone: readonly string[];
  /** Some of many. */
  readonly failures: readonly DayFailure[];
}

export const NO_DAYS: BackfillTally = { completed: 0, failed: 0, left: 0, messages: 0, notDone: [], failures: [] };

/** How a backfill ended. */
export interface BackfillReport {
  readonly from: string;
  readonly to: string;
  /** `completed` only where every day of every tenant that was asked for is done. */
  readonly status: RunStatus;
  /** What failed before any day was begun. */
  readonly failure?: Failure;
  readonly days: { readonly completed: number; readonly failed: number; readonly left: number };
  readonly messages: number;
  /** Days that are not done, as first and last days; some of many. */
  readonly notDone: readonly Stretch[];
  /** Some of many: of days, and of tenants that were refused. */
  readonly failures: readonly (DayFailure | Failure)[];
}

export function dayOutcome({ date, status, tenants, failure }: JobReport): DayOutcome {
  const failed = tenants.flatMap((tenant) =>
    tenant.failure === undefined ? [] : [{ ...tenant.failure, tenant: tenant.tenant }],
  );
  const all = [...(failure === undefined ? [] : [failure]), ...failed];
  return {
    date,
    status: status === 'completed' ? 'completed' : 'failed',
    messages: tenants.reduce((sum, { exported = 0 }) => sum + exported, 0),
    failures: all.slice(0, MOST.failuresOfDay).map((each) => dayFailure(date, each)),
  };
}

export function failedDay(date: string, failure: Failure): DayOutcome {
  return { date, status: 'failed', messages: 0, failures: [dayFailure(date, failure)] };
}

/** A day with nothing to do, or that was not begun. */
export function emptyDay(date: string, status: 'completed' | 'left'): DayOutcome {
  return { date, status, messages: 0, failures: [] };
}

function dayFailure(date: string, { kind, code, message, tenant }: Failure): DayFailure {
  return { date, kind, code, message: message.slice(0, MOST.message), ...(tenant === undefined ? {} : { tenant }) };
}

export function withDay(tally: BackfillTally, { date, status, messages, failures }: DayOutcome): BackfillTally {
  const done = status === 'completed';
  return sumOfTallies([tally, { ...NO_DAYS, [status]: 1, messages, notDone: done ? [] : [date], failures }]);
}

export function sumOfTallies(tallies: readonly BackfillTally[]): BackfillTally {
  const sum = (of: (tally: BackfillTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  return {
    completed: sum(({ completed }) => completed),
    failed: sum(({ failed }) => failed),
    left: sum(({ left }) => left),
    messages: sum(({ messages }) => messages),
    notDone: tallies.flatMap(({ notDone }) => notDone).slice(0, MOST.days),
    failures: tallies.flatMap(({ failures }) => failures).slice(0, MOST.failures),
  };
}

/** @param refused tenants that could not be run at all */
export function backfillReport(
  { from, to }: Pick<BackfillRequest, 'from' | 'to'>,
  { completed, failed, left, messages, notDone, failures }: BackfillTally,
  refused: readonly Failure[],
): BackfillReport {
  const allDone = failed === 0 && left === 0 && refused.length === 0;
  const status = allDone ? 'completed' : completed > 0 ? 'partial' : 'failed';
  return {
    from,
    to,
    status,
    days: { completed, failed, left },
    messages,
    notDone: stretchesOf([...notDone].sort()),
    failures: [...refused.slice(0, MOST.failures), ...[...failures].sort((a, b) => (a.date < b.date ? -1 : 1))],
  };
}

/** A backfill that did not come to its days. */
export function failedBackfill({ from, to }: Pick<BackfillRequest, 'from' | 'to'>, failure: Failure): BackfillReport {
  return { ...backfillReport({ from, to }, NO_DAYS, [failure]), failure, failures: [] };
}
