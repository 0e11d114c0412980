import fc from 'fast-check';
import { waitBeforeNextTry } from '../../../shared/batch/attempts';
import type { FailureKind } from '../../../shared/errors';

const failure = (kind: FailureKind) => ({ kind, code: 'x', message: 'It failed.' });

describe('a failed step', () => {
  test('that may succeed is tried again, each time later, and not for ever', () => {
    const waits: number[] = [];
    for (let tries = 1; tries < 100; tries++) {
      const wait = waitBeforeNextTry(failure('transient'), tries);
      if (wait === undefined) break;
      waits.push(wait);
    }

    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits[0]).toBeGreaterThan(0);
    expect(waits.length).toBeGreaterThan(1);
    expect(waits.length).toBeLessThan(10);
    // An activity may take ten minutes; waiting between its tries must not take an hour.
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(600_000);
  });

  test('that fails again on the same input is not tried again', () => {
    const kinds = fc.constantFrom<FailureKind[]>('permanent', 'quota', 'configuration');
    fc.assert(
      fc.property(kinds, fc.integer({ min: 1, max: 100 }), (kind, tries) => {
        expect(waitBeforeNextTry(failure(kind), tries)).toBeUndefined();
      }),
    );
  });
});
