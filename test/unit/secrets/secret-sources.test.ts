import fc from 'fast-check';
import { SecretError } from '../../../shared/errors';
import { Masker } from '../../../shared/logging/masking';
import type { SecretSource } from '../../../shared/ports/secret-source';
import { Secret } from '../../../shared/secret';
import { announcedSecrets } from '../../../shared/secrets/announced-secrets';
import { firstOf } from '../../../shared/secrets/first-of';
import { neededSecret } from '../../../shared/secrets/needed-secret';
import { settingsSecrets } from '../../../shared/secrets/settings-secrets';
import { AskedSource } from './asked-source';

const KEY = new Secret('AIzaSyNotARealKey');

test('what the settings hold is given, and nothing else', async () => {
  const source = settingsSecrets({ YOUTUBE_API_KEY: KEY, DB_PASSWORD: undefined });

  expect(await source.get('YOUTUBE_API_KEY')).toBe(KEY);
  expect(await source.get('YOUTUBE_API_KEY', { fresh: true })).toBe(KEY);
  expect(await source.get('DB_PASSWORD')).toBeUndefined();
});

describe('several sources', () => {
  test('the first that has the secret is the last that is asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 6 }), fc.boolean(), async (has, fresh) => {
        const sources = has.map((yes, i) => new AskedSource(() => (yes ? new Secret(`secret-${i}`) : undefined)));

        const secret = await firstOf(sources).get('DB_PASSWORD', { fresh });

        const first = has.indexOf(true);
        expect(secret?.reveal()).toBe(first < 0 ? undefined : `secret-${first}`);
        const asked = sources.map(({ asks }) => asks.length);
        expect(asked).toEqual(has.map((_, i) => (first < 0 || i <= first ? 1 : 0)));
        expect(sources.flatMap(({ asks }) => asks)).toEqual(
          sources.flatMap(({ asks }) => asks.map(() => ({ name: 'DB_PASSWORD', fresh }))),
        );
      }),
    );
  });

  test('one that fails ends the search', async () => {
    const later = new AskedSource(() => KEY);
    const chain = firstOf([settingsSecrets({}), failing(), later]);

    await expect(chain.get('YOUTUBE_API_KEY')).rejects.toMatchObject({ code: 'secret_unavailable' });
    expect(later.asks).toEqual([]);
  });

  test('they are named one after the other', () => {
    expect(firstOf([settingsSecrets({}), failing()]).name).toBe('the settings, then the key vault');
  });
});

describe('announced secrets', () => {
  test('a secret is told before it is handed out, and once', async () => {
    const events: string[] = [];
    const source = announcedSecrets(settingsSecrets({ YOUTUBE_API_KEY: KEY }), (secret) =>
      events.push(`told ${secret.reveal()}`),
    );

    for (let i = 0; i < 2; i++) {
      const secret = await source.get('YOUTUBE_API_KEY');
      events.push(`has ${secret?.reveal()}`);
    }

    expect(events).toEqual([`told ${KEY.reveal()}`, `has ${KEY.reveal()}`, `has ${KEY.reveal()}`]);
  });

  test('one that was rotated is told too', async () => {
    const secrets = [new Secret('the-first-one'), new Secret('the-second-one')];
    const masker = new Masker();
    const source = announcedSecrets(new AskedSource(() => secrets.shift()), (secret) => masker.register(secret));

    await source.get('DB_PASSWORD');
    await source.get('DB_PASSWORD', { fresh: true });

    expect(masker.maskText('the-first-one and the-second-one')).toBe('*** and ***');
  });

  test('nothing is told where there is nothing, and failures pass', async () => {
    const told: Secret[] = [];
    const onSecret = (secret: Secret) => told.push(secret);

    expect(await announcedSecrets(settingsSecrets({}), onSecret).get('DB_PASSWORD')).toBeUndefined();
    await expect(announcedSecrets(failing(), onSecret).get('DB_PASSWORD')).rejects.toBeInstanceOf(SecretError);
    expect(told).toEqual([]);
  });

  test('a secret that cannot be told is not handed out', async () => {
    const source = announcedSecrets(settingsSecrets({ DB_PASSWORD: KEY }), () => {
      throw new Error('no log');
    });

    await expect(source.get('DB_PASSWORD')).rejects.toThrow('no log');
    await expect(source.get('DB_PASSWORD')).rejects.toThrow('no log');
  });
});

describe('a secret that is needed', () => {
  test('is the one that the source has', async () => {
    const source = new AskedSource(() => KEY);

    expect(await neededSecret(source, 'YOUTUBE_API_KEY', { fresh: true })).toBe(KEY);
    expect(source.asks).toEqual([{ name: 'YOUTUBE_API_KEY', fresh: true }]);
  });

  test('is asked for by name where there is none', async () => {
    const source = firstOf([settingsSecrets({}), new AskedSource(() => undefined, 'the key vault https://acme')]);

    const needed = neededSecret(source, 'DB_PASSWORD');

    await expect(needed).rejects.toMatchObject({ code: 'secret_not_found', kind: 'configuration' });
    for (const fact of [
      'DB_PASSWORD',
      'DB-PASSWORD',
      'the settings, then the key vault https://acme',
      'KEY_VAULT_URL',
    ]) {
      await expect(needed).rejects.toThrow(fact);
    }
  });

  test('and a failure of the source passes', async () => {
    await expect(neededSecret(failing(), 'DB_PASSWORD')).rejects.toMatchObject({ code: 'secret_unavailable' });
  });
});

function failing(): SecretSource {
  return new AskedSource(() => {
    throw new SecretError('Not now.', { code: 'secret_unavailable', kind: 'transient' });
  }, 'the key vault');
}
