import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { instantOfAnyText, parseTimestamp } from '../../../shared/messages/timestamp';

const digits = (value: number, length = 2) => String(value).padStart(length, '0');
const number = (max: number, min = 0) => fc.integer({ min, max });

/** A date and time of day by their parts, whether they exist or not. */
const wallClocks = fc
  .record({
    date: fc.tuple(number(9999), number(13), number(32)),
    time: fc.tuple(number(24), number(60)),
    separator: fc.constantFrom('T', 't', ' '),
    seconds: fc.option(
      fc.record({
        value: number(59),
        fraction: fc.option(fc.record({ mark: fc.constantFrom('.', ','), digits: fc.stringMatching(/^\d{1,9}$/) })),
      }),
    ),
  })
  .map(({ date: [year, month, day], time: [hour, minute], separator, seconds }) => {
    const fraction = seconds?.fraction ? `${seconds.fraction.mark}${seconds.fraction.digits}` : '';
    const date = `${digits(year, 4)}-${digits(month)}-${digits(day)}`;
    return `${date}${separator}${digits(hour)}:${digits(minute)}${seconds ? `:${digits(seconds.value)}${fraction}` : ''}`;
  });

const offsets = fc
  .record({
    sign: fc.constantFrom('+', '-'),
    hours: number(25),
    minutes: number(61),
    form: fc.constantFrom('hh:mm', 'hhmm', 'hh'),
  })
  .map(({ sign, hours, minutes, form }) => {
    return `${sign}${digits(hours)}${form === 'hh' ? '' : `${form === 'hhmm' ? '' : ':'}${digits(minutes)}`}`;
  });

/** What another implementation reads: undefined where it refuses. */
function byTemporal(text: string): number | undefined {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return undefined;
  }
}

describe('a timestamp', () => {
  test('with a zone is read as Temporal reads it, and refused where Temporal refuses it', () => {
    fc.assert(
      fc.property(wallClocks, fc.oneof(fc.constantFrom('Z', 'z'), offsets), (clock, zone) => {
        expect(parseTimestamp(`${clock}${zone}`)).toBe(byTemporal(`${clock}${zone}`));
      }),
      { numRuns: 3000 },
    );
  });

  test('without a zone is UTC', () => {
    fc.assert(
      fc.property(wallClocks, (clock) => {
        expect(parseTimestamp(clock)).toBe(byTemporal(`${clock}Z`));
      }),
      { numRuns: 2000 },
    );
  });

  test('of any instant comes back from its ISO text, in any offset', () => {
    const instants = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9998-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, number(14 * 60, -12 * 60), (instant, offsetMinutes) => {
        const local = new Date(instant.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
        const size = Math.abs(offsetMinutes);
        const offset = `${offsetMinutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60))}:${digits(size % 60)}`;

        expect(parseTimestamp(instant.toISOString())).toBe(instant.getTime());
        expect(parseTimestamp(`${local}${offset}`)).toBe(instant.getTime());
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps three digits of any fraction, and cuts the others off', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,30}$/), (fraction) => {
        const expected = Date.UTC(2025, 7, 11) + Math.floor(Number(`0.${fraction.slice(0, 3)}`) * 1000 + 1e-6);

        expect(parseTimestamp(`2025-08-11T00:00:00.${fraction}Z`)).toBe(expected);
      }),
    );
  });

  test.each([
    ['', 'nothing'],
    ['2025-08-11', 'no time of day'],
    ['Aug 11, 2025', 'free text'],
    ['1754870400', 'a number'],
    ['2025-02-30T00:00:00Z', 'a day that February never has'],
    ['2025-02-29T00:00:00Z', 'a day that this February has not'],
    ['2025-13-01T00:00:00Z', 'a thirteenth month'],
    ['2025-08-11T24:00:00Z', 'an hour 24'],
    ['2025-08-11T23:59:60Z', 'a leap second'],
    ['2025-08-11T00:00:00+24:00', 'an offset of a day'],
    ['2025-08-11T00:00:00+09:60', 'an offset of 60 minutes'],
    ['2025-08-11T00:00:00+09:', 'a colon with nothing behind it'],
    ['2025-08-11T00:00:00.Z', 'a point with nothing behind it'],
    ['2025-08-11T00:00Z ', 'a space behind it'],
    ['2025-08-11T00:00Z\n', 'a new line behind it'],
    ['2025-08-11T00:00:00 UTC', 'the name of a zone'],
    ['+002025-08-11T00:00:00Z', 'a year of six digits'],
    ['２０２５-08-11T00:00:00Z', 'digits of another script'],
  ])('%j is none: %s', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  test('in the form that nearly all have is what the general rules make of it, in any other one too', () => {
    const likeOne = fc
      .tuple(
        fc.date({ noInvalidDate: true }),
        fc.nat(23),
        fc.constantFrom('0', '1', '6', '9', 'x', '-', '.', 'Z', '\n', '０'),
      )
      .map(([date, at, unit]) => {
        const text = date.toISOString().slice(-24);
        return text.slice(0, at) + unit + text.slice(at + 1);
      });
    const plain = wallClocks.map((clock) => `${clock.slice(0, 10)}T${clock.slice(11)}Z`);
    const days = fc
      .tuple(number(2100, 990), number(13), number(32))
      .map(([year, month, day]) => `${digits(year, 4)}-${digits(month)}-${digits(day)}T23:59:59.999Z`);
    fc.assert(
      fc.property(fc.oneof(likeOne, plain, days, fc.string()), (text) => {
        expect(parseTimestamp(text)).toBe(instantOfAnyText(text));
      }),
      { numRuns: 5000 },
    );
  });

  test('is never made of free text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9TZ:+. -]{0,30}$/)), (text) => {
        const instant = parseTimestamp(text);

        const shape = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/.test(text);
        expect(instant === undefined || (shape && Number.isSafeInteger(instant))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
