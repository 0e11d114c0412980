import { Cron } from 'croner';
import fc from 'fast-check';
import { lastOccurrence } from '../../../shared/operations/last-occurrence';
import { parseSchedule } from '../../../shared/settings/ncrontab';

function last(schedule: string, at: string): string | undefined {
  const parsed = parseSchedule(schedule);
  if (!('expression' in parsed)) throw new Error(parsed.problem);
  const found = lastOccurrence(parsed.expression, Date.parse(at));
  return found === undefined ? undefined : new Date(found).toISOString();
}

test.each([
  ['0 0 17 * * *', '2025-08-11T16:59:59.999Z', '2025-08-10T17:00:00.000Z'],
  ['0 0 17 * * *', '2025-08-11T17:00:00.000Z', '2025-08-11T17:00:00.000Z'],
  ['30 */20 9-17/4 * * Mon-Fri', '2025-08-10T12:00:00.000Z', '2025-08-08T17:40:30.000Z'],
  ['0 0 0 31 * *', '2025-07-01T00:00:00.000Z', '2025-05-31T00:00:00.000Z'],
  ['0 0 0 29 Feb *', '2025-07-01T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
  ['0 0 12 13 * Fri', '2025-08-11T00:00:00.000Z', '2025-06-13T12:00:00.000Z'],
])('the schedule %s was last due before %s at %s', (schedule, at, expected) => {
  expect(last(schedule, at)).toBe(expected);
});

test("agrees with what runs the schedules on a developer's machine", () => {
  const field = (max: number, min = 0) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min, max }).map(String),
      fc
        .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
        .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((values) => values.join(',')),
    );
  const schedules = fc.tuple(field(59), field(59), field(23), fc.constant('*'), field(12, 1), fc.constant('*'));
  fc.assert(
    fc.property(schedules, fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }), (fields, seconds) => {
      const expression = fields.join(' ');
      const at = seconds * 1000;

      const found = lastOccurrence(expression, at);

      const next = new Cron(expression, { timezone: 'UTC' }).nextRun(new Date((found ?? 0) - 1000));
      expect(next?.getTime()).toBe(found);
      const after = new Cron(expression, { timezone: 'UTC' }).nextRun(new Date(found ?? 0));
      expect(after?.getTime() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(at);
    }),
    { numRuns: 60 },
  );
});
