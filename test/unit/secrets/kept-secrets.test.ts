import fc from 'fast-check';
import { SecretError } from '../../../shared/errors';
import { Secret } from '../../../shared/secret';
import { keptSecrets } from '../../../shared/secrets/kept-secrets';
import { SteppingClock } from '../../support/stepping-clock';
import { AskedSource } from './asked-source';

const KEEP_MS = 300_000;

/** A source that gives `1`, `2`, `3` and so on. */
function counting(): AskedSource {
  let count = 0;
  return new AskedSource(() => new Secret(String(++count)));
}

test('at any time, a secret is one that was read less than the given time ago, and is read no more than needed', async () => {
  const steps = fc.array(fc.record({ wait: fc.integer({ min: 0, max: KEEP_MS }), fresh: fc.boolean() }), {
    maxLength: 20,
  });

  await fc.assert(
    fc.asyncProperty(steps, async (asked) => {
      const clock = new SteppingClock();
      const source = counting();
      const kept = keptSecrets(source, { clock, keepMs: KEEP_MS });
      let readAt = Number.NEGATIVE_INFINITY;
      let reads = 0;

      for (const { wait, fresh } of asked) {
        await clock.sleep(wait);
        const secret = await kept.get('DB_PASSWORD', { fresh });

        if (fresh || clock.now() - readAt >= KEEP_MS) {
          readAt = clock.now();
          reads++;
        }
        expect(secret?.reveal()).toBe(String(reads));
      }
      expect(source.asks).toHaveLength(reads);
    }),
  );
});

test('secrets of different names are kept apart', async () => {
  const kept = keptSecrets(counting(), { clock: new SteppingClock(), keepMs: KEEP_MS });

  const read = [await kept.get('DB_PASSWORD'), await kept.get('YOUTUBE_API_KEY'), await kept.get('DB_PASSWORD')];

  expect(read.map((secret) => secret?.reveal())).toEqual(['1', '2', '1']);
});

test('callers at the same time share one reading', async () => {
  const source = counting();
  const kept = keptSecrets(source, { clock: new SteppingClock(), keepMs: KEEP_MS });

  const secrets = await Promise.all(Array.from({ length: 10 }, () => kept.get('DB_PASSWORD')));

  expect(new Set(secrets).size).toBe(1);
  expect(source.asks).toHaveLength(1);
});

test('a fresh reading tells the source so', async () => {
  const source = counting();
  const kept = keptSecrets(source, { clock: new SteppingClock(), keepMs: KEEP_MS });

  await kept.get('DB_PASSWORD');
  await kept.get('DB_PASSWORD', { fresh: true });

  expect(source.asks.map(({ fresh }) => fresh)).toEqual([false, true]);
});

test('a failure is not kept, and everybody who waited for it has it', async () => {
  let failures = 1;
  const source = new AskedSource(async () => {
    if (failures-- > 0) throw new SecretError('Not now.', { code: 'secret_unavailable', kind: 'transient' });
    return new Secret('there');
  });
  const kept = keptSecrets(source, { clock: new SteppingClock(), keepMs: KEEP_MS });

  const first = await Promise.allSettled([kept.get('DB_PASSWORD'), kept.get('DB_PASSWORD')]);
  const second = await kept.get('DB_PASSWORD');

  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(second?.reveal()).toBe('there');
  expect(source.asks).toHaveLength(2);
});

test('that there is no secret is not kept', async () => {
  const answers = [undefined, new Secret('set since')];
  const kept = keptSecrets(new AskedSource(() => answers.shift()), { clock: new SteppingClock(), keepMs: KEEP_MS });

  expect(await kept.get('DB_PASSWORD')).toBeUndefined();
  expect((await kept.get('DB_PASSWORD'))?.reveal()).toBe('set since');
});

test('an older reading that ends late does not replace a fresh one', async () => {
  const { promise: late, resolve: finish } = deferred();
  const answers = [late, Promise.resolve(new Secret('new'))];
  const kept = keptSecrets(new AskedSource(() => answers.shift()), { clock: new SteppingClock(), keepMs: KEEP_MS });

  const old = kept.get('DB_PASSWORD');
  await kept.get('DB_PASSWORD', { fresh: true });
  finish(new Secret('old'));
  await old;

  expect((await kept.get('DB_PASSWORD'))?.reveal()).toBe('new');
});

test('nor does its failure', async () => {
  const { promise: late, reject: fail } = deferred();
  const answers = [late, Promise.resolve(new Secret('new'))];
  const source = new AskedSource(() => answers.shift());
  const kept = keptSecrets(source, { clock: new SteppingClock(), keepMs: KEEP_MS });

  const old = kept.get('DB_PASSWORD');
  await kept.get('DB_PASSWORD', { fresh: true });
  fail(new Error('late'));
  await expect(old).rejects.toThrow('late');

  expect((await kept.get('DB_PASSWORD'))?.reveal()).toBe('new');
  expect(source.asks).toHaveLength(2);
});

function deferred() {
  let resolve: (secret: Secret) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<Secret>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
