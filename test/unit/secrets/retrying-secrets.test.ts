import { type FailureKind, SecretError } from '../../../shared/errors';
import { Secret } from '../../../shared/secret';
import { retryingSecrets } from '../../../shared/secrets/retrying-secrets';
import { SteppingClock } from '../../support/stepping-clock';
import { AskedSource } from './asked-source';

const POLICY = { maxTries: 3, baseDelayMs: 100, maxDelayMs: 1000, maxRetryAfterMs: 5000 };

/** A source that fails so often, and what was waited for it. */
function failing(times: number, kind: FailureKind) {
  const clock = new SteppingClock();
  const source = new AskedSource(() => {
    if (source.asks.length <= times) throw new SecretError('Not now.', { code: 'secret_unavailable', kind });
    return new Secret('there');
  });
  return { source, clock, retried: retryingSecrets(source, { clock, random: () => 1, policy: POLICY }) };
}

test('what may pass is waited for', async () => {
  const { source, clock, retried } = failing(2, 'transient');

  const secret = await retried.get('DB_PASSWORD', { fresh: true });

  expect(secret?.reveal()).toBe('there');
  expect(clock.sleeps).toEqual([100, 200]);
  expect(source.asks).toEqual(Array.from({ length: 3 }, () => ({ name: 'DB_PASSWORD', fresh: true })));
});

test('but not for ever', async () => {
  const { source, retried } = failing(Number.POSITIVE_INFINITY, 'transient');

  await expect(retried.get('DB_PASSWORD')).rejects.toThrow('tried 3 times');
  expect(source.asks).toHaveLength(3);
});

test('what a person must mend is not tried again', async () => {
  const { source, retried } = failing(Number.POSITIVE_INFINITY, 'configuration');

  await expect(retried.get('DB_PASSWORD')).rejects.toThrow('Not now.');
  expect(source.asks).toHaveLength(1);
});
