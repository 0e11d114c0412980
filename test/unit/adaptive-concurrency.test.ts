import fc from 'fast-check';
import { AdaptiveConcurrency } from '../../shared/adaptive-concurrency';

const bounds = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.nat({ max: 200 }))
  .map(([floor, more]) => ({ floor, ceiling: floor + more }));
const events = fc.array(
  fc.record({ passedMs: fc.nat({ max: 500 }), tookMs: fc.nat({ max: 2000 }), isOverload: fc.boolean() }),
  { maxLength: 300 },
);

/**
 * A service that answers in `baseMs` while at most `capacity` requests are under way, and refuses the others. Time is a number: in every
 * round all requests that may be under way are made and answered.
 */
function rounds(
  pace: AdaptiveConcurrency,
  count: number,
  service: { baseMs: (under: number) => number; capacity: number },
) {
  const limits: number[] = [];
  let refused = 0;
  let time = 0;
  for (let round = 0; round < count; round++) {
    const under = pace.limit;
    const tookMs = service.baseMs(under);
    for (let i = 0; i < under; i++) {
      if (i < service.capacity) pace.answered(time, time + tookMs);
      else pace.overloaded(time, time + 1);
    }
    refused += Math.max(0, under - service.capacity);
    limits.push(under);
    time += tookMs + 1;
  }
  return { limits, refused };
}

describe('how many requests are under way', () => {
  test('is always a whole number within the bounds', () => {
    fc.assert(
      fc.property(bounds, events, ({ floor, ceiling }, happened) => {
        const pace = new AdaptiveConcurrency({ floor, ceiling });
        let time = 0;
        for (const { passedMs, tookMs, isOverload } of happened) {
          time += passedMs;
          if (isOverload) pace.overloaded(time - tookMs, time);
          else pace.answered(time - tookMs, time);

          expect(Number.isInteger(pace.limit)).toBe(true);
          expect(pace.limit).toBeGreaterThanOrEqual(floor);
          expect(pace.limit).toBeLessThanOrEqual(ceiling);
        }
      }),
    );
  });

  test('doubles with every round at first, up to the ceiling', () => {
    const { limits } = rounds(new AdaptiveConcurrency({ floor: 2, ceiling: 128 }), 7, {
      baseMs: () => 20,
      capacity: 999,
    });

    expect(limits).toEqual([8, 16, 32, 64, 128, 128, 128]);
  });

  test('halves once for all refusals of one overload, and then grows by one a round', () => {
    const pace = new AdaptiveConcurrency({ floor: 2, ceiling: 128 });
    rounds(pace, 4, { baseMs: () => 20, capacity: 999 });
    const before = pace.limit;

    for (let i = 0; i < 30; i++) pace.overloaded(1000, 1010 + i);
    const halved = pace.limit;
    for (let i = 0; i <= halved; i++) pace.answered(2000, 2020);
    const grown = pace.limit;
    pace.overloaded(3000, 3001);

    expect([before, halved, grown, pace.limit]).toEqual([128, 64, 65, 32]);
  });

  test('comes to what a service can do, and is refused little', () => {
    const { limits, refused } = rounds(new AdaptiveConcurrency({ floor: 2, ceiling: 256 }), 400, {
      baseMs: () => 20,
      capacity: 50,
    });

    const late = limits.slice(100);
    const mean = late.reduce((sum, each) => sum + each, 0) / late.length;
    expect(mean).toBeGreaterThan(30);
    expect(Math.max(...late)).toBeLessThanOrEqual(52);
    expect(refused / limits.reduce((sum, each) => sum + each, 0)).toBeLessThan(0.02);
  });

  test('shrinks while answers take much longer than they did', () => {
    const pace = new AdaptiveConcurrency({ floor: 2, ceiling: 256 });

    const { limits } = rounds(pace, 300, { baseMs: (under) => (under <= 40 ? 20 : 20 * (under / 10)), capacity: 999 });

    expect(Math.max(...limits)).toBeLessThan(100);
    expect(Math.max(...limits.slice(100))).toBeLessThan(60);
    expect(Math.min(...limits.slice(100))).toBeGreaterThan(30);
  });

  test('takes a service that has become slower for what it is', () => {
    const pace = new AdaptiveConcurrency({ floor: 2, ceiling: 128 });
    rounds(pace, 20, { baseMs: () => 5, capacity: 999 });

    const { limits } = rounds(pace, 400, { baseMs: () => 200, capacity: 999 });

    expect(Math.min(...limits)).toBeLessThan(128);
    expect(limits.at(-1)).toBe(128);
  });

  test.each([
    [0, 8],
    [9, 8],
    [Number.NaN, 8],
  ])('a floor of %d and a ceiling of %d are refused', (floor, ceiling) => {
    expect(() => new AdaptiveConcurrency({ floor, ceiling })).toThrow(RangeError);
  });

  test('grows no further while this side is saturated, and shrinks to where it began, not below', () => {
    let saturated = false;
    const pace = new AdaptiveConcurrency({ floor: 1, ceiling: 64, isSaturated: () => saturated });
    for (let i = 0; i < 40; i++) pace.answered(0, 1);
    const grown = pace.limit;
    saturated = true;
    for (let i = 0; i < 40; i++) pace.answered(0, 1);
    const held = pace.limit;
    for (let i = 0; i < 10_000; i++) pace.answered(0, 1);
    const shrunk = pace.limit;
    saturated = false;
    for (let i = 0; i < 100; i++) pace.answered(0, 1);

    expect(grown).toBeGreaterThan(40);
    expect(held).toBeLessThan(grown);
    expect(shrunk).toBe(8);
    expect(pace.limit).toBeGreaterThan(shrunk);
  });
});
