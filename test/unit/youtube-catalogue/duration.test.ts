import fc from 'fast-check';
import {
  clockText,
  durationSeconds,
  isUnreadableDuration,
  LONGEST_DURATION_SECONDS,
} from '../../../shared/youtube/duration';

const anySeconds = fc.oneof(
  fc.integer({ min: 0, max: 200 * 3600 }),
  fc.integer({ min: 0, max: LONGEST_DURATION_SECONDS }),
);

/** As the API writes a duration: days from 24 hours on, and nothing that is zero but a lone `0S`. */
function apiDuration(seconds: number): string {
  if (seconds === 0) return 'PT0S';
  const units: [number, string][] = [
    [Math.floor(seconds / 3600) % 24, 'H'],
    [Math.floor(seconds / 60) % 60, 'M'],
    [seconds % 60, 'S'],
  ];
  const days = Math.floor(seconds / 86_400);
  const time = units.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`);
  return `P${days > 0 ? `${days}D` : ''}${time.length > 0 ? `T${time.join('')}` : ''}`;
}

function secondsOfClock(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

describe('a duration', () => {
  test('is read in every form that the API gives it', () => {
    fc.assert(
      fc.property(anySeconds, (seconds) => {
        expect(durationSeconds(apiDuration(seconds))).toBe(seconds);
        expect(isUnreadableDuration(apiDuration(seconds))).toBe(false);
      }),
    );
  });

  test('is read where its units carry more than the next one holds', () => {
    const unit = fc.nat({ max: 200 });
    fc.assert(
      fc.property(unit, unit, unit, unit, (days, hours, minutes, seconds) => {
        const read = durationSeconds(`P${days}DT${hours}H${minutes}M${seconds}S`);

        expect(read).toBe(((days * 24 + hours) * 60 + minutes) * 60 + seconds);
      }),
    );
  });

  test.each([
    ['PT0S', 0],
    ['PT1M1S', 61],
    ['PT1H', 3600],
    ['P1D', 86_400],
    ['P1DT2H3M4S', 93_784],
    ['P1W', 604_800],
    ['P1W1D', 691_200],
    ['PT200H', 720_000],
    ['PT1.9S', 1],
    ['PT596523H14M7S', LONGEST_DURATION_SECONDS],
  ])('%s is %i s', (iso, seconds) => {
    expect(durationSeconds(iso)).toBe(seconds);
  });

  test.each([['P0D'], [null], [undefined]])('%s is none, and nothing wrong', (iso) => {
    expect(durationSeconds(iso)).toBeNull();
    expect(isUnreadableDuration(iso)).toBe(false);
  });

  test.each([
    '',
    'P',
    'PT',
    'P1DT',
    'PT1',
    '1M',
    'PT-1S',
    '-PT1S',
    'P1Y',
    'P1M',
    'PT1S ',
    'PT1S\n',
    'pt1s',
    'PT1S1M',
    'PT1.S',
    'PT١S',
    '00:01:00',
    'PT2147483648S',
    `PT${'9'.repeat(400)}H`,
  ])('%j is unreadable, which can be counted', (iso) => {
    expect(durationSeconds(iso)).toBeNull();
    expect(isUnreadableDuration(iso)).toBe(true);
  });
});

describe('the text of a duration', () => {
  test('gives back the seconds, and looks like a clock', () => {
    fc.assert(
      fc.property(anySeconds, (seconds) => {
        const text = clockText(seconds);

        expect(secondsOfClock(text)).toBe(seconds);
        expect(text).toMatch(/^(\d\d|[1-9]\d{2,}):[0-5]\d:[0-5]\d$/);
      }),
    );
  });

  test.each([
    [0, '00:00:00'],
    [59, '00:00:59'],
    [3_599, '00:59:59'],
    [359_999, '99:59:59'],
    [360_000, '100:00:00'],
    [720_000, '200:00:00'],
  ])('of %i s is %s', (seconds, text) => {
    expect(clockText(seconds)).toBe(text);
  });
});
