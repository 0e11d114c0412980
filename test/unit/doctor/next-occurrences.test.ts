import { Cron } from 'croner';
import fc from 'fast-check';
import { nextOccurrences } from '../../../shared/operations/doctor/next-occurrences';
import { parseSchedule } from '../../../shared/settings/ncrontab';

const field = (min: number, max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min, max }).map(String),
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((values) => values.join(',')),
    fc.integer({ min: 2, max: Math.max(2, Math.floor(max / 2)) }).map((step) => `*/${step}`),
  );

test('the next runs are those that another reader of such schedules has', () => {
  const schedules = fc.tuple(field(0, 59), field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6));
  fc.assert(
    fc.property(schedules, fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }), (fields, seconds) => {
      const read = parseSchedule(fields.join(' '));
      const expression = 'expression' in read ? read.expression : '';
      const cron = new Cron(expression, { mode: '6-part', timezone: 'UTC', domAndDow: true, paused: true });
      const after = seconds * 1000;

      const next = nextOccurrences(expression, after, 3);

      expect(next).toEqual(cron.nextRuns(3, new Date(after)).map((date) => date.getTime()));
    }),
    { numRuns: 200 },
  );
});

test('a day that comes once in some years is found, and one that never comes is none', () => {
  expect(nextOccurrences('0 0 17 29 2 *', Date.parse('2025-03-01T00:00:00Z'), 1)).toEqual([
    Date.parse('2028-02-29T17:00:00Z'),
  ]);
  expect(nextOccurrences('0 0 17 31 2 *', Date.parse('2025-03-01T00:00:00Z'), 1)).toEqual([]);
});
