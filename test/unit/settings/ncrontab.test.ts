import { Cron } from 'croner';
import fc from 'fast-check';
import { parseSchedule } from '../../../shared/settings/ncrontab';

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

interface Spelled {
  readonly text: string;
  readonly values: readonly number[];
}

/** An item of a field as a person may write it, with the values that it stands for. */
function item(min: number, max: number, names: readonly string[] = []): fc.Arbitrary<Spelled> {
  const value = fc.integer({ min, max });
  const spelling = fc.tuple(fc.boolean(), fc.integer({ min: 3, max: 9 }), fc.boolean());
  const spell = (number: number, [named, length, upper]: [boolean, number, boolean]) => {
    const name = (names[number - min] ?? String(number)).slice(0, length);
    return named && names.length > 0 ? (upper ? name.toUpperCase() : name) : String(number);
  };
  const step = fc.option(fc.integer({ min: 1, max }), { nil: undefined });
  const every = (from: number, to: number, by = 1) =>
    Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
  const slash = (by?: number) => (by === undefined ? '' : `/${by}`);
  return fc.oneof(
    step.map((by) => ({ text: `*${slash(by)}`, values: every(min, max, by) })),
    fc.tuple(value, spelling, step).map(([from, how, by]) => ({
      text: spell(from, how) + slash(by),
      values: by === undefined ? [from] : every(from, max, by),
    })),
    fc.tuple(value, value, spelling, spelling, step).map(([a, b, how, too, by]) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      return { text: `${spell(from, how)}-${spell(to, too)}${slash(by)}`, values: every(from, to, by) };
    }),
  );
}

const field = (...range: Parameters<typeof item>): fc.Arbitrary<Spelled> =>
  fc.array(item(...range), { minLength: 1, maxLength: 3 }).map((items) => ({
    text: items.map(({ text }) => text).join(','),
    values: items.flatMap(({ values }) => values),
  }));

const schedules = fc.tuple(
  field(0, 59),
  field(0, 59),
  field(0, 23),
  field(1, 31),
  field(1, 12, months),
  field(0, 6, weekdays),
);

const bounds = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** The values of a field in the one spelling: numbers, `*`, `a-b`, and the last two with a step. */
function expand(text: string, [min, max]: readonly [number, number]): number[] {
  const values = text.split(',').flatMap((each) => {
    const [range = '', step = '1'] = each.split('/');
    const [from = min, to = range === '*' ? max : from] = range === '*' ? [] : range.split('-').map(Number);
    return Array.from({ length: max + 1 }, (_, value) => value).filter(
      (value) => value >= from && value <= to && (value - from) % Number(step) === 0,
    );
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

describe('parseSchedule', () => {
  test('every NCRONTAB expression comes out in a spelling of the same values, which a cron library reads', () => {
    fc.assert(
      fc.property(schedules, fc.constantFrom(' ', '  ', '\t'), (fields, gap) => {
        const parsed = parseSchedule(fields.map(({ text }) => text).join(gap));
        fc.pre('expression' in parsed);

        const spelled = parsed.expression.split(' ').map((text, index) => expand(text, bounds[index] ?? [0, 0]));

        expect(spelled).toEqual(fields.map(({ values }) => [...new Set(values)].sort((a, b) => a - b)));
        expect(() => new Cron(parsed.expression, { mode: '6-part', paused: true })).not.toThrow();
        expect(parseSchedule(parsed.expression)).toEqual(parsed);
      }),
      { numRuns: 300 },
    );
  });

  test('is refused only where no date is ever meant', () => {
    fc.assert(
      fc.property(schedules, (fields) => {
        const parsed = parseSchedule(fields.map(({ text }) => text).join(' '));
        const dates = (fields[4]?.values ?? []).flatMap((month) =>
          (fields[3]?.values ?? []).filter(
            (day) => new Date(Date.UTC(2024, month - 1, day)).getUTCMonth() === month - 1,
          ),
        );

        expect('problem' in parsed).toBe(dates.length === 0);
      }),
    );
  });

  test.each([
    ['0 0 17 * * *', '0 0 17 * * *'],
    ['*/30 */5 9-17 * * mon-FRI', '*/30 */5 9-17 * * 1-5'],
    ['0 30 9 * Jan Mon', '0 30 9 * 1 1'],
    ['0 0 0 29 feb *', '0 0 0 29 2 *'],
    ['59/10 0 0 1,15 * sunday', '59 0 0 1,15 * 0'],
    ['00 05 007 * * *', '0 5 7 * * *'],
  ])('%j is %j', (text, expression) => {
    expect(parseSchedule(text)).toEqual({ expression });
  });

  test.each([
    ['', /six fields .*, got 0/],
    ['0 17 * * *', /six fields .*, got 5/],
    ['0 0 17 * * * *', /got 7/],
    ['60 0 17 * * *', /^second: expected 0 to 59, got "60"$/],
    ['0 60 17 * * *', /^minute: /],
    ['0 0 24 * * *', /^hour: expected 0 to 23/],
    ['0 0 0 0 * *', /^day: expected 1 to 31/],
    ['0 0 0 * 13 *', /^month: expected 1 to 12 or an English name/],
    ['0 0 0 * * 7', /^day of the week: expected 0 to 6 or an English name/],
    ['0 0 0 * * Mo', /^day of the week: /],
    ['0 0 0 * * Funday', /^day of the week: /],
    ['Jan 0 0 * * *', /^second: /],
    ['0 0 0 * * FRI-MON', /^day of the week: expected a range that ascends, got "FRI-MON"/],
    ['0 */0 * * * *', /^minute: expected a step of 1 to 59/],
    ['0 */60 * * * *', /^minute: expected a step/],
    ['0 1,,2 * * * *', /^minute: /],
    ['0 1, * * * *', /^minute: /],
    ['0 -1 * * * *', /^minute: /],
    ['0 1-2-3 * * * *', /^minute: /],
    ['0 0 0 ? * *', /^day: /],
    ['0 0 0 L * *', /^day: /],
    ['0 0 0 * * 1#2', /^day of the week: /],
    ['0 0 0 30,31 2 *', /^day and month: none of these months has a day 30, so it would never run$/],
    ['0 0 0 31 4-6/2,9,11 *', /would never run/],
    ['@daily', /six fields/],
    ['01:00:00', /six fields/],
  ])('%j is refused, saying why', (text, problem) => {
    expect(parseSchedule(text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
