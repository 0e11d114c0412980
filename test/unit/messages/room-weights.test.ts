import fc from 'fast-check';
import {
  COUNT_CAP,
  countedRooms,
  expectedMessages,
  type RoomScale,
  readCount,
  UNMEASURED,
} from '../../../shared/messages/room-weights';

const scales: fc.Arbitrary<RoomScale> = fc.record({
  perRoom: fc.double({ min: 4, max: 500, noNaN: true }),
  perCounted: fc.option(fc.double({ min: 0, max: 10, noNaN: true }), { nil: undefined }),
  countCap: fc.constantFrom(UNMEASURED.countCap, COUNT_CAP),
});
const counts = fc.option(fc.nat(COUNT_CAP), { nil: undefined });

describe('what a room is expected to have', () => {
  test('is a whole number that is never less than what listing it costs, and never beyond all bounds', () => {
    fc.assert(
      fc.property(scales, counts, (scale, count) => {
        const expected = expectedMessages(scale, count);

        expect(Number.isSafeInteger(expected)).toBe(true);
        expect(expected).toBeGreaterThanOrEqual(2);
        expect(expected).toBeLessThanOrEqual((500 + 10 * COUNT_CAP) / 2 + 1);
      }),
    );
  });

  test('is at least half of what an ordinary room has, and no less with a larger count', () => {
    fc.assert(
      fc.property(scales, fc.nat(COUNT_CAP), fc.nat(COUNT_CAP), (scale, a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];

        expect(expectedMessages(scale, small)).toBeLessThanOrEqual(expectedMessages(scale, large));
        expect(expectedMessages(scale, small)).toBeGreaterThanOrEqual(Math.floor(scale.perRoom / 2));
      }),
    );
  });

  test('is what an ordinary room has where nothing is counted', () => {
    fc.assert(
      fc.property(scales, (scale) => {
        expect(expectedMessages(scale, undefined)).toBe(Math.round(scale.perRoom));
        expect(expectedMessages({ ...scale, perCounted: undefined }, 77)).toBe(Math.round(scale.perRoom));
      }),
    );
  });

  test('adds up to what the day before had, where today has the same rooms', () => {
    const many = fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(many, fc.integer({ min: 4, max: 500 }), (all, perRoom) => {
        const sum = all.reduce((total, count) => total + count, 0);
        fc.pre(sum > 0 && (perRoom * all.length) / sum <= 10);
        const scale = { perRoom, perCounted: (perRoom * all.length) / sum, countCap: COUNT_CAP };

        const expected = all.reduce((total, count) => total + expectedMessages(scale, count), 0);

        // Each is rounded to a whole message.
        expect(Math.abs(expected - perRoom * all.length)).toBeLessThanOrEqual(all.length / 2);
      }),
    );
  });
});

describe('a count of the metadata', () => {
  test.each([
    [undefined, undefined],
    [null, undefined],
    ['12', undefined],
    [12.5, undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [{}, undefined],
    [true, undefined],
    [0, 0],
    [12, 12],
    [1e300, COUNT_CAP],
  ])('that is %j is read as %j', (value, expected) => {
    expect(readCount(value)).toBe(expected);
  });

  test('is added up over the rooms that have one', () => {
    const room = { user: 'u', room: 'r', title: null, source: 'metadata' } as const;

    expect(countedRooms([{ ...room, count: 3 }, { ...room, count: 0 }, room])).toEqual({ rooms: 2, messages: 3 });
  });
});
