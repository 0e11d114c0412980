import fc from 'fast-check';
import { parseSchedule } from '../../../local/host/app/timer-schedule';

type Field = { text: string; values: Set<number> };

/** A field of an expression, with the values that NCRONTAB says it stands for. */
function field(min: number, max: number): fc.Arbitrary<Field> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const step = fc.integer({ min: 1, max: Math.max(1, max - min) });
  const list = (from: number, to: number, by = 1) => {
    const values = new Set<number>();
    for (let at = from; at <= to; at += by) {
      values.add(at);
    }
    return values;
  };
  return fc.oneof(
    fc.constant({ text: '*', values: list(min, max) }),
    value.map((only) => ({ text: `${only}`, values: new Set([only]) })),
    range.map(([from, to]) => ({ text: `${from}-${to}`, values: list(from, to) })),
    step.map((by) => ({ text: `*/${by}`, values: list(min, max, by) })),
    fc
      .array(value, { minLength: 1, maxLength: 4 })
      .map((values) => ({ text: values.join(','), values: new Set(values) })),
  );
}

test('the next time is the first second after now that matches every field, the day by both of its fields', () => {
  const start = fc.date({
    min: new Date('2023-01-01T00:00:00Z'),
    max: new Date('2026-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  const fields = fc.tuple(field(0, 59), field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6));
  fc.assert(
    fc.property(fields, start, ([second, minute, hour, day, month, weekday], after) => {
      const expression = [second, minute, hour, day, month, weekday].map(({ text }) => text).join(' ');
      const matches = (time: Date) =>
        second.values.has(time.getUTCSeconds()) &&
        minute.values.has(time.getUTCMinutes()) &&
        hour.values.has(time.getUTCHours()) &&
        day.values.has(time.getUTCDate()) &&
        month.values.has(time.getUTCMonth() + 1) &&
        weekday.values.has(time.getUTCDay());

      const next = parseSchedule(expression, 'a test').next(after.getTime());

      if (next === undefined) {
        return;
      }
      expect(next).toBeGreaterThan(after.getTime());
      expect(matches(new Date(next))).toBe(true);
      // Nothing that matches was left out: not right after `after`, nor right before what was found.
      const firstSecond = Math.floor(after.getTime() / 1000) * 1000 + 1000;
      const between = [...Array(300).keys()].flatMap((second) => [
        firstSecond + second * 1000,
        next - second * 1000 - 1000,
      ]);
      const missed = between.filter((time) => time >= firstSecond && time < next && matches(new Date(time)));
      expect(missed).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['0 0 17 * * *', '2025-08-11T16:59:59.999Z', '2025-08-11T17:00:00.000Z'],
  ['0 0 17 * * *', '2025-08-11T17:00:00.000Z', '2025-08-12T17:00:00.000Z'],
  ['0 30 9 * * Mon-Fri', '2025-08-08T12:00:00.000Z', '2025-08-11T09:30:00.000Z'],
  ['0 0 0 13 * FRI', '2025-01-01T00:00:00.000Z', '2025-06-13T00:00:00.000Z'],
  ['0 0 0 29 FEB *', '2025-01-01T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
])('%s after %s is %s', (expression, after, expected) => {
  const next = parseSchedule(expression, 'a test').next(Date.parse(after));

  expect(next && new Date(next).toISOString()).toBe(expected);
});

test('a day that never comes has no next time', () => {
  expect(parseSchedule('0 0 0 30 2 *', 'a test').next(Date.parse('2025-01-01T00:00:00Z'))).toBeUndefined();
});

test.each([
  ['* * * * *', 'six fields'],
  ['', 'six fields'],
  ['0 0 0 L * *', '"L"'],
  ['0 0 0 15W * *', '"15W"'],
  ['0 0 0 ? * *', '"?"'],
  ['0 0 0 * * 1#2', '"1#2"'],
  ['@daily', 'six fields'],
  ['0 0 0 * * 7', 'weekdays are 0'],
  ['60 0 0 * * *', '60'],
  ['0 0 22-2 * * *', '22-2'],
])('"%s" is refused, saying %s', (expression, expected) => {
  expect(() => parseSchedule(expression, 'the timer function "nightly"')).toThrow(
    expect.objectContaining({ code: 'host_app_invalid', message: expect.stringContaining(expected) }),
  );
});
