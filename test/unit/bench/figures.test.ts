import fc from 'fast-check';
import { figureOf, type Goal, measure } from '../../../bench/harness/figures';

const amount = fc.double({ min: 0.001, max: 1e9, noNaN: true });
const amounts = fc.array(amount, { minLength: 1, maxLength: 9 });
const limit = fc.double({ min: 1e-6, max: 1e9, noNaN: true });

describe('what was measured in several rounds', () => {
  test('half of the rounds are at or below the median, half at or above, and all between the lowest and the highest', () => {
    fc.assert(
      fc.property(amounts, (samples) => {
        const { value, lowest, highest, rounds } = measure(samples);

        const below = samples.filter((sample) => sample <= value).length;
        const above = samples.filter((sample) => sample >= value).length;
        expect(Math.min(below, above)).toBeGreaterThanOrEqual(samples.length / 2 - (rounds % 2 === 0 ? 0 : 0.5));
        expect(samples.every((sample) => lowest <= sample && sample <= highest)).toBe(true);
        expect(samples).toEqual(expect.arrayContaining([lowest, highest]));
        expect(rounds).toBe(samples.length);
      }),
    );
  });

  test.each([[[]], [[Number.NaN]], [[1, Number.POSITIVE_INFINITY]]])('%j is nothing that was measured', (samples) => {
    expect(() => measure(samples)).toThrow(RangeError);
  });
});

describe('a figure', () => {
  test('has the median, the spread, the peer and the ratio of the medians', () => {
    const figure = figureOf({
      ...{ name: 'load', unit: 'rows/s', ours: [30_000, 20_000, 40_000] },
      peer: { name: 'INSERT', samples: [12_000, 12_500, 11_000] },
    });

    expect(figure).toEqual({
      ...{ name: 'load', unit: 'rows/s', value: 30_000, spread: { lowest: 20_000, highest: 40_000, rounds: 3 } },
      peer: { name: 'INSERT', value: 12_000, spread: { lowest: 11_000, highest: 12_500, rounds: 3 } },
      ratio: 2.5,
    });
  });

  test('of one round has no spread, and without a peer no ratio', () => {
    expect(figureOf({ name: 'memory', unit: 'MB', ours: [198.123] })).toEqual({
      name: 'memory',
      unit: 'MB',
      value: 198.1,
    });
  });

  test('keeps its goal where the value is within, and only there', () => {
    fc.assert(
      fc.property(amounts, limit, limit, (ours, one, other) => {
        const goal: Goal = { of: 'value', atLeast: Math.min(one, other), atMost: Math.max(one, other) };

        const { met } = figureOf({ name: 'any', unit: 's', ours, goal });

        const { value } = measure(ours);
        expect(met).toBe(Math.min(one, other) <= value && value <= Math.max(one, other));
      }),
    );
  });

  test('may have a goal for the ratio', () => {
    const peer = { name: 'SDK', samples: [10] };
    const goal: Goal = { of: 'ratio', atMost: 0.15 };

    expect(figureOf({ name: 'get', unit: 'ms', ours: [1.5], peer, goal }).met).toBe(true);
    expect(figureOf({ name: 'get', unit: 'ms', ours: [1.6], peer, goal }).met).toBe(false);
    expect(() => figureOf({ name: 'get', unit: 'ms', ours: [1], goal })).toThrow(/no peer|there is none/);
  });

  test('is rounded to four digits, and not where that would take from a whole number', () => {
    fc.assert(
      fc.property(amount, (value) => {
        const shown = figureOf({ name: 'any', unit: 's', ours: [value] }).value;

        expect(Math.abs(shown - value)).toBeLessThanOrEqual(Math.max(0.5, 0) * (value >= 1000 ? 1 : value * 1e-3));
      }),
    );
  });
});
