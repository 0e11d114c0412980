import fc from 'fast-check';
import { formatBytes, formatCount, formatDuration, formatSeconds, formatUsd, plural } from '../../../local/cli/figures';

test('thousands are set apart, and nothing else changes', () => {
  fc.assert(
    fc.property(fc.nat(), (value) => {
      const shown = formatCount(value);

      expect(Number(shown.replaceAll(',', ''))).toBe(value);
      expect(shown).toMatch(/^\d{1,3}(,\d{3})*$/);
    }),
  );
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [5_240_000, '5.2 MB'],
  [3_000_000_000_000_000, '3000.0 TB'],
])('%i bytes are %s', (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown);
});

test('seconds have one decimal, and nouns their number', () => {
  expect(formatSeconds(12)).toBe('12.0');
  expect(plural(1, 'room')).toBe('1 room');
  expect(plural(1200, 'room')).toBe('1,200 rooms');
});

test.each([
  [0, '1 s'],
  [44.6, '45 s'],
  [89, '89 s'],
  [90, '2 min'],
  [3_599, '1 h'],
  [3_600, '1 h'],
  [12_000, '3 h 20 min'],
  [3_600_000, '1,000 h'],
])('a time of %d seconds is about %s', (seconds, shown) => {
  expect(formatDuration(seconds)).toBe(shown);
});

test.each([
  [0, '0 USD'],
  [0.009, 'under 0.01 USD'],
  [0.01, '0.01 USD'],
  [1_234.567, '1,234.57 USD'],
  [1.999, '2.00 USD'],
])('an amount of %d is %s', (usd, shown) => {
  expect(formatUsd(usd)).toBe(shown);
});
