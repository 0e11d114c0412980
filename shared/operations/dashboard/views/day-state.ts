import type { BusinessDate } from '../../../calendar';
import type { DayRecord } from '../../../history/day-record';

/** What a tenant's day can be, the worst first. See docs/dashboard.md. */
export const DAY_STATES = [
  'failed',
  'missing',
  'unreadable',
  'partial',
  'late',
  'published',
  'waiting',
  'before',
] as const;

export type DayState = (typeof DAY_STATES)[number];

/** States for which a person should do something. */
const TROUBLED: readonly DayState[] = ['failed', 'missing', 'unreadable', 'partial'];

/** What is known of a tenant's days. */
export interface TenantHistory {
  readonly days: ReadonlyMap<BusinessDate, DayRecord>;
  /** Of records that cannot be read, what is wrong with them. */
  readonly unreadable: ReadonlyMap<BusinessDate, string>;
  /** The first date that has a record, among those that were read. */
  readonly first: BusinessDate | undefined;
}

export function tenantHistory(
  records: readonly DayRecord[],
  unreadable: ReadonlyMap<BusinessDate, string> = new Map(),
): TenantHistory {
  const days = new Map(records.map((record) => [record.date, record]));
  const first = [...days.keys(), ...unreadable.keys()].reduce<string | undefined>(
    (least, date) => (least === undefined || date < least ? date : least),
    undefined,
  );
  return { days, unreadable, first };
}

export function isTroubled(state: DayState): boolean {
  return TROUBLED.includes(state);
}

export function worstOf(states: readonly DayState[]): DayState {
  return DAY_STATES.find((state) => states.includes(state)) ?? 'before';
}

/**
 * The state of a day by its record; where there is none, by when the day is due: of a tenant that has no earlier record, only the
 * day that is due last counts as missing, as days before a tenant's first are made up for by nobody unless asked.
 *
 * @param lastDue the newest date whose scheduled run is over, in the tenant's zone
 */
export function dayState(date: BusinessDate, history: TenantHistory, lastDue: BusinessDate): DayState {
  const record = history.days.get(date);
  if (record !== undefined) return recordedState(record);
  if (history.unreadable.has(date)) return 'unreadable';
  if (date > lastDue) return 'waiting';
  return date === lastDue || (history.first !== undefined && date > history.first) ? 'missing' : 'before';
}

function recordedState({ status, revisions = 0, processed_at, last_failure }: DayRecord): DayState {
  if (status === 'failed') return 'failed';
  if (last_failure !== undefined && last_failure.at >= processed_at) return 'partial';
  return revisions > 0 ? 'late' : 'published';
}
