import fc from 'fast-check';
import { formatBytes, formatCount, formatSeconds, plural } from '../../../local/cli/figures';

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
