import fc from 'fast-check';
import {
  addDays,
  businessDateAt,
  businessDay,
  dateRange,
  epochDay,
  HourOfDay,
  hourOfDay,
  isTimeZone,
  parseBusinessDate,
  targetDate,
  timeZoneName,
  utcFolders,
} from '../../../shared/calendar';
import { InputError } from '../../../shared/errors';
import { instants, nearClockChanges, wallClock, zones } from './zones';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const moments = fc.oneof(fc.record({ zone: zones, instant: instants }), nearClockChanges);
const iso = (ms: number) => new Date(ms).toISOString();

describe('business days', () => {
  test('every instant lies in exactly one, and that one is named by businessDateAt', () => {
    fc.assert(
      fc.property(moments, ({ zone, instant }) => {
        const date = businessDateAt(instant, zone);

        const holding = [-2, -1, 0, 1, 2]
          .map((offset) => businessDay(addDays(date, offset), zone))
          .filter(({ start, end }) => start <= instant && instant < end);

        expect(holding.map((day) => day.date)).toEqual([date]);
      }),
      { numRuns: 600 },
    );
  });

  test('consecutive ones abut, their hours sum up, and their edges are theirs', () => {
    fc.assert(
      fc.property(moments, ({ zone, instant }) => {
        const first = businessDateAt(instant, zone);

        const days = [0, 1, 2, 3].map((offset) => businessDay(addDays(first, offset), zone));

        const bounds = days.map(({ start }) => start);
        expect(days.slice(0, -1).map(({ end }) => end)).toEqual(bounds.slice(1));
        const hours = days.reduce((sum, day) => sum + day.hours, 0);
        expect(hours * HOUR).toBe((days.at(-1)?.end ?? 0) - (days[0]?.start ?? 0));
        for (const { date, start, end } of days.filter((day) => day.hours > 0)) {
          expect([businessDateAt(start, zone), businessDateAt(end - 1, zone)]).toEqual([date, date]);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('begin when the wall clock first shows their date, by the word of the platform', () => {
    fc.assert(
      fc.property(moments, ({ zone, instant }) => {
        const wall = wallClock(zone);
        const day = businessDay(businessDateAt(instant, zone), zone);

        expect(wall(day.start).date).toBe(day.date);
        expect(wall(day.start - 1).date < day.date).toBe(true);
        // A change that sets clocks back over midnight shows the day before again, soon after the day began.
        if (wall(instant).date !== day.date) expect(instant - day.start).toBeLessThan(4 * HOUR);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['2025-03-08', 'America/New_York', '2025-03-08T05:00:00.000Z', 24],
    ['2025-03-09', 'America/New_York', '2025-03-09T05:00:00.000Z', 23],
    ['2025-11-02', 'America/New_York', '2025-11-02T04:00:00.000Z', 25],
    // Midnight does not exist: the clocks go from 23:59:59 to 01:00.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 23],
    ['2018-02-17', 'America/Sao_Paulo', '2018-02-17T02:00:00.000Z', 25],
    ['2025-04-06', 'Australia/Lord_Howe', '2025-04-05T13:00:00.000Z', 24.5],
    ['2025-10-05', 'Australia/Lord_Howe', '2025-10-04T13:30:00.000Z', 23.5],
    ['2024-04-26', 'Africa/Cairo', '2024-04-25T22:00:00.000Z', 23],
    ['2024-10-31', 'Africa/Cairo', '2024-10-30T21:00:00.000Z', 25],
    // Midnight comes twice: at 01:00 the clocks go back to 00:00, and the day begins at the first.
    ['2020-11-01', 'America/Havana', '2020-11-01T04:00:00.000Z', 25],
    // At 00:01 the clocks went back to 23:01 of the day before.
    ['2010-03-05', 'Antarctica/Casey', '2010-03-04T13:00:00.000Z', 27],
    ['2010-11-07', 'America/St_Johns', '2010-11-07T02:30:00.000Z', 25],
    ['2011-12-29', 'Pacific/Apia', '2011-12-29T10:00:00.000Z', 24],
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', 0],
    ['2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', 24],
    ['1993-08-21', 'Pacific/Kwajalein', '1993-08-21T12:00:00.000Z', 0],
    ['2024-02-29', 'UTC', '2024-02-29T00:00:00.000Z', 24],
  ])('%s in %s begins at %s and has %d hours', (date, zone, start, hours) => {
    const day = businessDay(date, zone);

    expect({ ...day, start: iso(day.start) }).toEqual({ date, zone, start, end: day.start + hours * HOUR, hours });
  });

  test('have 24 hours in Asia/Tokyo, whatever the date', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(businessDay(businessDateAt(instant, 'Asia/Tokyo'), 'Asia/Tokyo').hours).toBe(24);
      }),
    );
  });

  test('an hour that comes again after midnight belongs to the day that has begun', () => {
    const secondHalfPastEleven = Date.parse('2010-11-07T03:00:00Z');

    expect(wallClock('America/St_Johns')(secondHalfPastEleven)).toEqual({ date: '2010-11-06', hour: 23 });
    expect(businessDateAt(secondHalfPastEleven, 'America/St_Johns')).toBe('2010-11-07');
  });

  test('an unknown zone or a date that is none is refused', () => {
    expect(() => businessDay('2025-08-11', 'Asia/Atlantis')).toThrow(RangeError);
    expect(() => businessDay('2025-8-11', 'Asia/Tokyo')).toThrow(InputError);
  });
});

describe('HourOfDay', () => {
  test('shows what the zone shows, at every instant of its day and beyond', () => {
    fc.assert(
      fc.property(
        moments,
        fc.array(fc.nat({ max: 999_999 }), { minLength: 20, maxLength: 20 }),
        ({ zone, instant }, parts) => {
          const day = businessDay(businessDateAt(instant, zone), zone);
          const wall = wallClock(zone);
          const inDay = parts.map((part) => day.start + Math.floor(((day.end - day.start) * part) / 1_000_000));

          const hours = new HourOfDay(day);

          for (const ms of [instant, day.start, day.end - 1, day.start - 1, day.end, ...inDay]) {
            expect([ms, hours.at(ms)]).toEqual([ms, wall(ms).hour]);
            expect(hourOfDay(ms, zone)).toBe(hours.at(ms));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('is exact to the millisecond at a change of half an hour', () => {
    const day = businessDay('2025-04-06', 'Australia/Lord_Howe');
    const change = Date.parse('2025-04-05T15:00:00Z');

    const hours = new HourOfDay(day);

    expect([change - 1, change, change + HOUR / 2 - 1, change + HOUR / 2].map((ms) => hours.at(ms))).toEqual([
      1, 1, 1, 2,
    ]);
  });

  test('knows instants before 1970', () => {
    const day = businessDay('1969-12-31', 'America/New_York');

    expect([day.start, day.end - 1].map((ms) => new HourOfDay(day).at(ms))).toEqual([0, 23]);
  });
});

describe('utcFolders', () => {
  test('are exactly the UTC dates of the day', () => {
    fc.assert(
      fc.property(moments, ({ zone, instant }) => {
        const day = businessDay(businessDateAt(instant, zone), zone);
        const dates = new Set<string>();
        for (let ms = day.start; ms < day.end; ms += HOUR / 4) dates.add(iso(ms).slice(0, 10));
        if (day.hours > 0) dates.add(iso(day.end - 1).slice(0, 10));

        expect(utcFolders(day)).toEqual([...dates].map((date) => date.replaceAll('-', '/')));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['2025-08-11', 'Asia/Tokyo', ['2025/08/10', '2025/08/11']],
    ['2025-08-11', 'UTC', ['2025/08/11']],
    ['2025-12-31', 'America/New_York', ['2025/12/31', '2026/01/01']],
    ['2011-12-30', 'Pacific/Apia', []],
  ])('of %s in %s are %j', (date, zone, folders) => {
    expect(utcFolders(businessDay(date, zone))).toEqual(folders);
  });

  test('can be three, where a day of 25 hours begins late in the UTC day', () => {
    const start = Date.parse('2025-11-01T23:30:00Z');

    const folders = utcFolders({ date: '2025-11-02', zone: 'Etc/Imaginary', start, end: start + 25 * HOUR, hours: 25 });

    expect(folders).toEqual(['2025/11/01', '2025/11/02', '2025/11/03']);
  });
});

describe('dates', () => {
  const dates = fc.integer({ min: -36_500, max: 36_500 }).map((day) => iso(day * DAY).slice(0, 10));

  test('count, add and range as the days between them', () => {
    fc.assert(
      fc.property(dates, fc.nat({ max: 800 }), (date, count) => {
        const to = addDays(date, count);

        const range = dateRange(date, to, 801);

        expect(epochDay(date)).toBe(Date.parse(`${date}T00:00:00Z`) / DAY);
        expect(addDays(to, -count)).toBe(date);
        expect(range.map(epochDay)).toEqual(Array.from({ length: count + 1 }, (_, index) => epochDay(date) + index));
        expect(range.map((each) => parseBusinessDate(each))).toEqual(range);
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['2025-02-29', /^date: expected a date that exists, got "2025-02-29"$/],
    ['2025-13-01', /exists/],
    ['2025-00-10', /exists/],
    ['2025-2-9', /^date: expected a date as yyyy-mm-dd, got "2025-2-9"$/],
    ['20250209', /yyyy-mm-dd/],
    ['+002025-02-09', /yyyy-mm-dd/],
    ['2025-02-09T00:00', /yyyy-mm-dd/],
    ['2025-02-09 ', /yyyy-mm-dd/],
    ['2025-02-09\n', /yyyy-mm-dd/],
    ['２０２５-02-09', /yyyy-mm-dd/],
    ['yesterday', /yyyy-mm-dd/],
    ['', /got ""$/],
  ])('%j is refused, saying what was wrong', (text, message) => {
    expect(() => parseBusinessDate(text)).toThrow(InputError);
    expect(() => parseBusinessDate(text)).toThrow(message);
  });

  test('a refusal is under the name of its field', () => {
    expect(() => parseBusinessDate('no', 'from')).toThrow(
      expect.objectContaining({ fields: { from: expect.any(String) } }),
    );
    expect(() => dateRange('2025-08-12', '2025-08-11', 10)).toThrow(/^from: expected a date not after 2025-08-11/);
    expect(() => dateRange('2025-08-01', '2025-08-11', 10)).toThrow(
      /^to: expected at most 10 days from 2025-08-01, got 11/,
    );
    expect(() => dateRange('2025-08-01', 'soon', 10)).toThrow(/^to: expected a date/);
  });

  test('the target is counted from the zone’s own today', () => {
    const now = Date.parse('2025-08-11T17:00:00Z');

    expect(targetDate(now, 'Asia/Tokyo', -1)).toBe('2025-08-11');
    expect(targetDate(now, 'UTC', -1)).toBe('2025-08-10');
    expect(targetDate(now, 'Asia/Tokyo', 0)).toBe('2025-08-12');
    expect(targetDate(now, 'Pacific/Honolulu', -365)).toBe('2024-08-11');
  });
});

describe('time zones', () => {
  test('every zone of the platform is known by its name in any letter case', () => {
    fc.assert(
      fc.property(zones, (zone) => {
        expect(timeZoneName(zone)).toBe(zone);
        expect(timeZoneName(zone.toLowerCase())).toBe(zone);
      }),
    );
  });

  test.each([
    '',
    ' ',
    '+09:00',
    '-0500',
    'Z',
    'JST',
    'Asia/Atlantis',
    ' Asia/Tokyo',
    'Asia/Tokyo ',
    'GMT+9',
    '../etc/passwd',
    '9',
  ])('%j is none', (text) => {
    expect(isTimeZone(text)).toBe(false);
  });

  test.each([
    ['asia/tokyo', 'Asia/Tokyo'],
    ['utc', 'UTC'],
    ['Etc/GMT-9', 'Etc/GMT-9'],
  ])('%s is %s', (text, name) => {
    expect(timeZoneName(text)).toBe(name);
  });
});
