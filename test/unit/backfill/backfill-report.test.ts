import fc from 'fast-check';
import type { JobReport } from '../../../shared/batch/report';
import { addDays } from '../../../shared/calendar';
import type { Failure } from '../../../shared/errors';
import {
  backfillReport,
  type DayOutcome,
  dayOutcome,
  emptyDay,
  failedDay,
  NO_DAYS,
  sumOfTallies,
  withDay,
} from '../../../shared/operations/backfill/backfill-report';

const FAILURE: Failure = { kind: 'transient', code: 'storage_unavailable', message: 'Down.', stage: 'collect' };
const RANGE = { from: '2020-01-01', to: '2029-12-31' };

const tally = (days: readonly DayOutcome[]) => days.reduce(withDay, NO_DAYS);

test.each<[what: string, days: readonly DayOutcome[], refused: readonly Failure[], status: string]>([
  ['nothing', [], [], 'completed'],
  ['all done', [emptyDay('2025-08-01', 'completed')], [], 'completed'],
  ['some failed', [emptyDay('2025-08-01', 'completed'), failedDay('2025-08-02', FAILURE)], [], 'partial'],
  ['some left', [emptyDay('2025-08-01', 'completed'), emptyDay('2025-08-02', 'left')], [], 'partial'],
  ['a tenant refused', [emptyDay('2025-08-01', 'completed')], [FAILURE], 'partial'],
  ['all failed', [failedDay('2025-08-02', FAILURE)], [], 'failed'],
  ['all tenants refused', [], [FAILURE], 'failed'],
])('a backfill is completed only where everything is done: %s', (_what, days, refused, status) => {
  expect(backfillReport(RANGE, tally(days), refused).status).toBe(status);
});

test('a day of which one tenant failed has failed, with its messages counted and the tenant named', () => {
  const report: JobReport = {
    ...{ job: 'export', date: '2025-08-01', status: 'partial' },
    tenants: [
      { tenant: 'acme', status: 'completed', seconds: 1, exported: 5 },
      { tenant: 'beta', status: 'failed', seconds: 1, failure: FAILURE },
    ],
  };

  expect(dayOutcome(report)).toEqual({
    ...{ date: '2025-08-01', status: 'failed', messages: 5 },
    failures: [
      { date: '2025-08-01', tenant: 'beta', kind: 'transient', code: 'storage_unavailable', message: 'Down.' },
    ],
  });
});

test('ten years of failed days are small enough for a history, and all of them are counted', () => {
  const long: Failure = { ...FAILURE, message: 'x'.repeat(5_000) };
  const lanes = Array.from({ length: 16 }, (_, lane) =>
    tally(Array.from({ length: 229 }, (_day, at) => failedDay(addDays(RANGE.from, at * 16 + lane), long))),
  );

  const report = backfillReport(
    RANGE,
    sumOfTallies(lanes),
    Array.from({ length: 20 }, () => FAILURE),
  );

  expect(report.days).toEqual({ completed: 0, failed: 16 * 229, left: 0 });
  for (const lane of lanes) expect(JSON.stringify(lane).length).toBeLessThan(32 * 1024);
  expect(JSON.stringify(report).length).toBeLessThan(45 * 1024);
});

test('days come to the same in lanes as one after the other', () => {
  const day = fc.constantFrom<'completed' | 'failed' | 'left'>('completed', 'failed', 'left');
  fc.assert(
    fc.property(fc.array(day, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), (statuses, lanes) => {
      const days = statuses.map((status, at): DayOutcome => {
        const date = addDays('2025-08-01', at);
        return status === 'failed' ? failedDay(date, FAILURE) : { ...emptyDay(date, status), messages: at };
      });
      const dealt = Array.from({ length: lanes }, (_, lane) => tally(days.filter((_day, at) => at % lanes === lane)));

      expect(backfillReport(RANGE, sumOfTallies(dealt), [])).toEqual(backfillReport(RANGE, tally(days), []));
    }),
  );
});
