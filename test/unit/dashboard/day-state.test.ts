import type { DayRecord } from '../../../shared/history/day-record';
import { dayState, tenantHistory, worstOf } from '../../../shared/operations/dashboard/views/day-state';
import { lastDueDate, newestDate } from '../../../shared/operations/dashboard/views/due-days';

const DATE = '2025-08-10';
const LAST_DUE = '2025-08-11';

function record(date: string, more: Partial<DayRecord> = {}): DayRecord {
  const processed_at = `${date}T17:05:00.000Z`;
  return { tenant: 'acme', date, status: 'completed', message_count: 1, output_path: 'o', processed_at, ...more };
}

const failure = (at: string) => ({ kind: 'transient', code: 'storage_timeout', message: 'm', at }) as const;

describe('the state of a day', () => {
  test.each([
    ['published', {}],
    ['late', { revisions: 1 }],
    ['partial', { last_failure: failure(`${DATE}T18:00:00.000Z`) }],
    ['partial', { revisions: 1, last_failure: failure(`${DATE}T18:00:00.000Z`) }],
    ['published', { last_failure: failure(`${DATE}T16:00:00.000Z`) }],
    ['failed', { status: 'failed', last_failure: failure(`${DATE}T17:05:00.000Z`) }],
  ] as const)('is %s by a record with %j', (state, more) => {
    expect(dayState(DATE, tenantHistory([record(DATE, more)]), LAST_DUE)).toBe(state);
  });

  test('is missing without a record where the tenant has an earlier one', () => {
    const history = tenantHistory([record('2025-08-08'), record(LAST_DUE)]);

    expect(dayState(DATE, history, LAST_DUE)).toBe('missing');
    expect(dayState('2025-08-07', history, LAST_DUE)).toBe('before');
  });

  test('is missing on the last day that is due even of a tenant without any record', () => {
    expect(dayState(LAST_DUE, tenantHistory([]), LAST_DUE)).toBe('missing');
    expect(dayState(DATE, tenantHistory([]), LAST_DUE)).toBe('before');
    expect(dayState('2025-08-12', tenantHistory([]), LAST_DUE)).toBe('waiting');
  });

  test('is unreadable where the record is, which then counts as a record', () => {
    const history = tenantHistory([], new Map([['2025-08-09', 'no date']]));

    expect(dayState('2025-08-09', history, LAST_DUE)).toBe('unreadable');
    expect(dayState(DATE, history, LAST_DUE)).toBe('missing');
  });

  test('of several days is the worst one', () => {
    expect(worstOf(['published', 'late', 'failed', 'missing'])).toBe('failed');
    expect(worstOf(['before', 'published', 'waiting'])).toBe('published');
    expect(worstOf([])).toBe('before');
  });
});

describe('the last day that is due', () => {
  const settings = { exportSchedule: '0 0 17 * * *', targetDateOffset: -1 };
  const at = (instant: string) => ({ settings, nowMs: Date.parse(instant) });

  test('is the one whose run began over an hour ago', () => {
    expect(lastDueDate(at('2025-08-11T17:30:00Z'), 'Asia/Tokyo')).toBe('2025-08-10');
    expect(lastDueDate(at('2025-08-11T18:00:00Z'), 'Asia/Tokyo')).toBe('2025-08-11');
    expect(newestDate(at('2025-08-11T17:30:00Z'), 'Asia/Tokyo')).toBe('2025-08-11');
  });

  test("is counted in the tenant's zone from the run of everybody", () => {
    const noonInTokyo = at('2025-08-12T03:00:00Z');

    expect(lastDueDate(noonInTokyo, 'America/New_York')).toBe('2025-08-10');
    expect(lastDueDate(noonInTokyo, 'Pacific/Kiritimati')).toBe('2025-08-11');
  });
});
