import fc from 'fast-check';
import { AuditShare } from '../../../shared/messages/audit-share';
import { ids } from './keys';

const users = Array.from({ length: 3000 }, (_, i) => `user-${i}`);
const days = fc.integer({ min: -800_000, max: 3_000_000 });
/** Also shares just below one of a whole number of days, which is how people write them: 0.142857, 0.333. */
const shares = fc
  .oneof(
    fc.double({ min: 0.02, max: 1, noNaN: true }),
    fc
      .tuple(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 2, max: 8 }))
      .map(([n, digits]) => Math.floor(10 ** digits / n) / 10 ** digits),
  )
  .filter((share) => share > 0);

const including = (share: number, day: number, of: readonly string[]) => {
  const audit = new AuditShare(share, day);
  return of.filter((user) => audit.includes(user));
};

describe('the share of users that a night audits', () => {
  test('comes to every user within as many days as it says, whichever day they begin on', () => {
    fc.assert(
      fc.property(shares, days, fc.array(ids, { maxLength: 40 }), (share, first, odd) => {
        fc.pre(AuditShare.daysForAll(share) <= 60);
        const all = [...odd, ...users.slice(0, 100)];

        const turns = Array.from({ length: AuditShare.daysForAll(share) }, (_, i) => including(share, first + i, all));

        expect(new Set(turns.flat())).toEqual(new Set(all));
      }),
      { numRuns: 100 },
    );
  });

  // One arc of 0.99991 would be 9 in 100,000 short of the circle.
  test('leaves nobody out where it is so close to everybody that one day is to do', () => {
    const many = Array.from({ length: 40_000 }, (_, i) => `user-${i}`);

    expect(AuditShare.daysForAll(0.99991)).toBe(1);
    expect(including(0.99991, 7, many)).toHaveLength(many.length);
  });

  // Seven arcs of 0.142857 are a millionth short of the circle: this user's hash lies there on day 0.
  test('includes a user whose hash lies at the very end of the circle', () => {
    const turns = Array.from({ length: 7 }, (_, day) => including(0.142857, day, ['user-2294051']));

    expect(turns.flat()).toEqual(['user-2294051']);
  });

  test('is about the share', () => {
    fc.assert(
      fc.property(shares, days, (share, day) => {
        const fraction = including(share, day, users).length / users.length;

        // Over five standard deviations of what chance does to 3,000 users.
        expect(Math.abs(fraction - share)).toBeLessThan(0.05);
      }),
      { numRuns: 40 },
    );
  });

  test('is nobody for 0 and everybody for 1, on every day', () => {
    fc.assert(
      fc.property(days, fc.array(ids), (day, some) => {
        expect(including(0, day, some)).toEqual([]);
        expect(including(1, day, some)).toEqual(some);
      }),
    );
    expect([AuditShare.daysForAll(0), AuditShare.daysForAll(1)]).toEqual([0, 1]);
  });

  test('is the same for the same day, and another one the next day', () => {
    fc.assert(
      fc.property(days, (day) => {
        const today = including(1 / 7, day, users);

        expect(including(1 / 7, day, users)).toEqual(today);
        expect(today.filter((user) => including(1 / 7, day + 1, [user]).length > 0)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    [1 / 7, 7],
    [0.142857, 7],
    [0.14, 8],
    [0.5, 2],
    [0.51, 2],
    [0.99, 2],
    [0.333333, 3],
    [0.01, 100],
  ])('of %d takes %d days for all', (share, expected) => {
    expect(AuditShare.daysForAll(share)).toBe(expected);
  });
});
