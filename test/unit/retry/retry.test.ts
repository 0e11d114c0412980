import fc from 'fast-check';
import { BatchError, type FailureKind, StorageError } from '../../../shared/errors';
import { DEFAULT_RETRY_POLICY, type Retry, type RetryPolicy, retrying } from '../../../shared/retry/retry';
import { SteppingClock } from '../../support/stepping-clock';

const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  maxTries: fc.integer({ min: 1, max: 12 }),
  baseDelayMs: fc.integer({ min: 1, max: 1000 }),
  maxDelayMs: fc.integer({ min: 1, max: 60_000 }),
  maxRetryAfterMs: fc.integer({ min: 0, max: 60_000 }),
});

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function transient(retryAfterMs?: number): StorageError {
  return new StorageError('The service is busy.', { code: 'storage_throttled', kind: 'transient', retryAfterMs });
}

/** An operation that fails so many times and then gives its number of calls. */
function failing(times: number, error: () => unknown) {
  const state = { calls: 0 };
  const operation = async () => {
    state.calls += 1;
    if (state.calls <= times) throw error();
    return state.calls;
  };
  return { state, operation };
}

describe('retrying', () => {
  test('gives the result of the first try that succeeds, after as many waits as failures', async () => {
    await fc.assert(
      fc.asyncProperty(policies, fraction, fc.nat(15), async (policy, share, failures) => {
        const clock = new SteppingClock();
        const { state, operation } = failing(failures, () => transient());

        const result = retrying(operation, { clock, random: () => share, policy }).catch((error: unknown) => error);

        if (failures < policy.maxTries) {
          expect(await result).toBe(failures + 1);
          expect(clock.sleeps).toHaveLength(failures);
        } else {
          expect(await result).toMatchObject({ code: 'storage_throttled', kind: 'transient' });
          expect(state.calls).toBe(policy.maxTries);
          expect(clock.sleeps).toHaveLength(policy.maxTries - 1);
        }
        for (const [i, ms] of clock.sleeps.entries()) {
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** i));
        }
      }),
    );
  });

  test('never waits less than the service asks, and not at all for more than the policy bears', async () => {
    await fc.assert(
      fc.asyncProperty(policies, fraction, fc.nat(120_000), async (policy, share, retryAfterMs) => {
        const clock = new SteppingClock();
        const { state, operation } = failing(1, () => transient(retryAfterMs));

        const result = retrying(operation, { clock, random: () => share, policy }).catch((error: unknown) => error);

        if (policy.maxTries > 1 && retryAfterMs <= policy.maxRetryAfterMs) {
          expect(await result).toBe(2);
          expect(clock.sleeps[0]).toBeGreaterThanOrEqual(retryAfterMs);
        } else {
          expect(await result).toMatchObject({ retryAfterMs });
          expect(state.calls).toBe(1);
          expect(clock.sleeps).toEqual([]);
        }
      }),
    );
  });

  test.each(['permanent', 'quota', 'configuration'] satisfies FailureKind[])(
    'does not try again what is %s',
    async (kind) => {
      const clock = new SteppingClock();
      const error = new BatchError('It will not work.', { code: 'some_code', kind });
      const { state, operation } = failing(5, () => error);

      const failure = retrying(operation, { clock, random: Math.random, policy: DEFAULT_RETRY_POLICY });

      await expect(failure).rejects.toBe(error);
      expect(error.message).toBe('It will not work.');
      expect(state.calls).toBe(1);
      expect(clock.sleeps).toEqual([]);
    },
  );

  test.each([new TypeError('a defect'), 'a string', undefined])(
    'does not try again %p, which is none of the family',
    async (thrown) => {
      const { state, operation } = failing(5, () => thrown);

      const failure = retrying(operation, {
        clock: new SteppingClock(),
        random: Math.random,
        policy: DEFAULT_RETRY_POLICY,
      }).then(
        () => 'no failure',
        (error: unknown) => error,
      );

      expect(await failure).toBe(thrown);
      expect(state.calls).toBe(1);
    },
  );

  test('a failure that ends as another kind ends the tries', async () => {
    const clock = new SteppingClock();
    const errors = [transient(), transient(), new BatchError('Gone.', { code: 'gone', kind: 'permanent' })];
    const { operation } = failing(5, () => errors.shift());

    const failure = retrying(operation, { clock, random: () => 0.5, policy: DEFAULT_RETRY_POLICY });

    await expect(failure).rejects.toMatchObject({ code: 'gone', message: 'Gone.' });
    expect(clock.sleeps).toHaveLength(2);
  });

  test('tells of every failed try before it waits', async () => {
    const clock = new SteppingClock();
    const told: Retry[] = [];
    const { operation } = failing(2, () => transient());

    await retrying(operation, {
      clock,
      random: () => 1,
      policy: DEFAULT_RETRY_POLICY,
      onRetry: (retry) => {
        expect(clock.sleeps).toHaveLength(told.length);
        told.push(retry);
      },
    });

    expect(told.map(({ tries, waitMs }) => [tries, waitMs])).toEqual([
      [1, 250],
      [2, 500],
    ]);
  });

  test('says in the last error how often it tried', async () => {
    const { operation } = failing(99, () => transient());
    const policy = { ...DEFAULT_RETRY_POLICY, maxTries: 3 };

    const failure = retrying(operation, { clock: new SteppingClock(), random: () => 0, policy });

    await expect(failure).rejects.toThrow('The service is busy. (tried 3 times)');
  });
});
