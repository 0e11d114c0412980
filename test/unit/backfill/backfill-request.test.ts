import fc from 'fast-check';
import { addDays } from '../../../shared/calendar';
import { InputError } from '../../../shared/errors';
import {
  backfillId,
  backfillRequest,
  daysOf,
  daysOfStretches,
  MAX_BACKFILL_DAYS,
  stretchesOf,
} from '../../../shared/operations/backfill/backfill-request';

const RANGE = { from: '2025-08-01', to: '2025-08-03' };

describe('a request', () => {
  test('is of two days at a time without force, where nothing else is said', () => {
    expect(backfillRequest(RANGE)).toEqual({ ...RANGE, concurrency: 2, force: false });
  });

  test('names each tenant once, in order, so that the same tenants are the same backfill', () => {
    const one = backfillRequest({ ...RANGE, tenants: ['beta', 'acme', 'beta'] });
    const other = backfillRequest({ ...RANGE, tenants: ['acme', 'beta'] });

    expect(one.tenants).toEqual(['acme', 'beta']);
    expect(backfillId(one)).toBe(backfillId(other));
    expect(backfillId(one)).toMatch(/^backfill-2025-08-01-2025-08-03-[0-9a-f]{8}$/);
    expect(backfillId(backfillRequest(RANGE))).toBe('backfill-2025-08-01-2025-08-03');
  });

  test('may be of ten years, and of no more', () => {
    const to = addDays('2015-01-01', MAX_BACKFILL_DAYS - 1);

    expect(daysOf(backfillRequest({ from: '2015-01-01', to }))).toHaveLength(MAX_BACKFILL_DAYS);
    expect(() => backfillRequest({ from: '2015-01-01', to: addDays(to, 1) })).toThrow('at most 3660 days');
  });

  test.each<[what: string, input: unknown, fields: readonly string[]]>([
    ['nothing', undefined, ['body']],
    ['a list', [], ['body']],
    ['no range', {}, ['from', 'to']],
    ['half a range', { from: '2025-08-01' }, ['to']],
    ['a date that there is not', { ...RANGE, to: '2025-02-30' }, ['to']],
    ['a range that ends before it begins', { from: '2025-08-03', to: '2025-08-01' }, ['from']],
    ['no day at a time', { ...RANGE, concurrency: 0 }, ['concurrency']],
    ['too many at a time', { ...RANGE, concurrency: 17 }, ['concurrency']],
    ['half a day at a time', { ...RANGE, concurrency: 1.5 }, ['concurrency']],
    ['no number at a time', { ...RANGE, concurrency: Number.NaN }, ['concurrency']],
    ['no tenant', { ...RANGE, tenants: [] }, ['tenants']],
    ['a tenant with a slash', { ...RANGE, tenants: ['a/b'] }, ['tenants']],
    ['a field that there is not', { ...RANGE, colour: 'blue' }, ['colour']],
    [
      'everything at once',
      { from: 1, to: 'x', tenants: 'a', concurrency: '2', force: 'no' },
      ['concurrency', 'force', 'from', 'tenants', 'to'],
    ],
  ])('that is not valid is refused with the fields that are wrong: %s', (_what, input, fields) => {
    const refusal = thrownBy(() => backfillRequest(input));

    expect(refusal).toBeInstanceOf(InputError);
    expect(Object.keys((refusal as InputError).fields).sort()).toEqual(fields);
  });
});

test('stretches are what their days are, and no two of them meet', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 60 })), (offsets) => {
      const days = [...offsets].sort((a, b) => a - b).map((offset) => addDays('2024-02-10', offset));

      const stretches = stretchesOf(days);

      expect(daysOfStretches(stretches)).toEqual(days);
      const meeting = stretches.slice(1).filter(([from], at) => addDays(stretches[at]?.[1] ?? from, 1) === from);
      expect(meeting).toEqual([]);
    }),
  );
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}
