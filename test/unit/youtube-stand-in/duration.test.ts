import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { isoDuration } from '../../../local/youtube/duration';

describe('a duration', () => {
  it('stands for its seconds', () => {
    fc.assert(
      fc.property(fc.nat(400 * 3600), (seconds) => {
        expect(Temporal.Duration.from(isoDuration(seconds)).total('seconds')).toBe(seconds);
      }),
    );
  });

  it.each([
    [0, 'PT0S'],
    [59, 'PT59S'],
    [3600, 'PT1H'],
    [86_400, 'P1D'],
    [93_784, 'P1DT2H3M4S'],
    [200 * 3600, 'P8DT8H'],
  ])('of %d s is written %s', (seconds, text) => {
    expect(isoDuration(seconds)).toBe(text);
  });
});
