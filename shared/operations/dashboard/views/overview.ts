import { addDays, type BusinessDate } from '../../../calendar';
import type { Failure } from '../../../errors';
import type { RecordedFailure } from '../../../history/recorded-failure';
import type { RunSummary } from '../../../history/run-summary';
import { datesBetween } from './dates';
import { DAY_STATES, type DayState, dayState, isTroubled, type TenantHistory } from './day-state';
import { type CostOf, type DaySummary, daySummary } from './day-summary';

/** A page of tenants and the stretch of days that is looked at. */
export interface OverviewPage {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  /** What a tenant's id must contain. */
  readonly find: string;
  /** Of all tenants that {@link find} leaves: on this page, how many there are on one, and the page's number from 1. */
  readonly count: number;
  readonly perPage: number;
  readonly page: number;
  readonly pages: number;
  /** The newest date that there is anything to say about. */
  readonly newest: BusinessDate;
}

export interface TenantRow {
  readonly tenant: string;
  readonly days: readonly DaySummary[];
}

export interface DayTotals {
  readonly date: BusinessDate;
  readonly states: Readonly<Partial<Record<DayState, number>>>;
  readonly messages: number;
  readonly bytes: number;
  readonly cost?: number;
}

/** A tenant's day that a person should look at. */
export interface TroubledDay {
  readonly tenant: string;
  readonly date: BusinessDate;
  readonly state: DayState;
  readonly failure?: RecordedFailure;
}

export interface OverviewView extends OverviewPage {
  readonly view: 'overview';
  readonly rows: readonly TenantRow[];
  /** Of the tenants on this page. */
  readonly totals: readonly DayTotals[];
  /** Of all tenants, the last {@link ATTENTION_DAYS} days: the newest first. */
  readonly troubled: readonly TroubledDay[];
  readonly lastDue: {
    readonly date: BusinessDate;
    readonly states: Readonly<Partial<Record<DayState, number>>>;
    readonly messages: number;
    readonly bytes: number;
  };
  readonly runs: readonly RunSummary[];
  readonly refused: readonly Failure[];
  /** Records of runs that cannot be read, what is wrong with each. */
  readonly unreadable: readonly string[];
}

/** How far back days of every tenant are looked at, whichever tenants are shown. */
export const ATTENTION_DAYS = 7;

export interface TenantOfOverview {
  readonly id: string;
  readonly lastDue: BusinessDate;
  readonly history: TenantHistory;
}

export interface OverviewParts extends OverviewPage {
  readonly shown: readonly TenantOfOverview[];
  /** All tenants, those that are shown among them. */
  readonly all: readonly TenantOfOverview[];
  readonly runs: readonly RunSummary[];
  readonly refused: readonly Failure[];
  readonly unreadable: readonly string[];
  readonly costOf: CostOf;
}

export function overviewView({ shown, all, costOf, ...rest }: OverviewParts): OverviewView {
  const dates = datesBetween(rest.from, rest.to);
  const rows = shown.map(({ id, lastDue, history }) => ({
    tenant: id,
    days: dates.map((date) => daySummary(date, dayState(date, history, lastDue), history.days.get(date), costOf)),
  }));
  return {
    view: 'overview',
    ...rest,
    rows,
    totals: dates.map((date, index) =>
      totalsOf(
        date,
        rows.flatMap(({ days }) => days.slice(index, index + 1)),
      ),
    ),
    troubled: all.flatMap(troubledDays).sort(newestFirst),
    lastDue: lastDueOf(all, costOf),
  };
}

function totalsOf(date: BusinessDate, days: readonly DaySummary[]): DayTotals {
  const costs = days.flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
  return {
    date,
    states: countsOf(days.map(({ state }) => state)),
    messages: sumOf(days.map(({ messages = 0 }) => messages)),
    bytes: sumOf(days.map(({ bytes = 0 }) => bytes)),
    ...(costs.length > 0 && { cost: sumOf(costs) }),
  };
}

function troubledDays({ id, lastDue, history }: TenantOfOverview): TroubledDay[] {
  return datesBetween(addDays(lastDue, 1 - ATTENTION_DAYS), lastDue).flatMap((date) => {
    const state = dayState(date, history, lastDue);
    if (!isTroubled(state)) return [];
    const failure = history.days.get(date)?.last_failure;
    return [{ tenant: id, date, state, ...(failure && { failure }) }];
  });
}

/** The newest date that is due for most tenants, over all of them. */
function lastDueOf(all: readonly TenantOfOverview[], costOf: CostOf): OverviewView['lastDue'] {
  const dates = all.map(({ lastDue }) => lastDue).sort();
  const date = dates[Math.floor(dates.length / 2)] ?? '';
  const days = all.map(({ history, lastDue }) =>
    daySummary(date, dayState(date, history, lastDue), history.days.get(date), costOf),
  );
  const { states, messages, bytes } = totalsOf(date, days);
  return { date, states, messages, bytes };
}

function newestFirst(a: TroubledDay, b: TroubledDay): number {
  if (a.date !== b.date) return a.date < b.date ? 1 : -1;
  const rank = DAY_STATES.indexOf(a.state) - DAY_STATES.indexOf(b.state);
  return rank !== 0 ? rank : a.tenant < b.tenant ? -1 : 1;
}

export function countsOf(states: readonly DayState[]): Partial<Record<DayState, number>> {
  const counts: Partial<Record<DayState, number>> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
