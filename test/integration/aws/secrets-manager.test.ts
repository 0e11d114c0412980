import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { createSecretsManagerSecrets } from '../../../shared/aws/secrets-manager-secrets';
import { SecretError } from '../../../shared/errors';
import type { SecretSource } from '../../../shared/ports/secret-source';
import { describeWithMoto, motoEndpoint, sharedAws } from '../../support/aws-services';
import { silentLog } from '../../support/silent-log';
import { SteppingClock } from '../../support/stepping-clock';

describeWithMoto('Secrets Manager', () => {
  let client: SecretsManagerClient;
  let clock: SteppingClock;

  beforeEach(() => {
    const { region, credentials } = sharedAws();
    client = new SecretsManagerClient({ region, credentials, endpoint: motoEndpoint() });
    clock = new SteppingClock();
  });

  afterEach(() => client.destroy());

  function open(names: { databaseSecret?: string; youtubeSecret?: string }): SecretSource {
    const { region } = sharedAws();
    const aws = { region, endpoints: { secretsManager: motoEndpoint() }, ...names };
    const source = createSecretsManagerSecrets({ aws, clock, random: () => 1, log: silentLog });
    if (source === undefined) throw new Error('There is no source.');
    return source;
  }

  async function newSecret(value: { SecretString: string } | { SecretBinary: Uint8Array }): Promise<string> {
    const Name = `makoto/test-${randomUUID()}`;
    await client.send(new CreateSecretCommand({ Name, ...value }));
    return Name;
  }

  test('gives each secret from the one that the settings name, by name or by ARN', async () => {
    const database = JSON.stringify({ engine: 'postgres', username: 'batch', password: 'p"w', port: 5432 });
    const databaseSecret = await newSecret({ SecretString: database });
    const { ARN: youtubeSecret } = await client.send(
      new CreateSecretCommand({ Name: `youtube-${randomUUID()}`, SecretString: 'AIza-bare' }),
    );
    const secrets = open({ databaseSecret, ...(youtubeSecret === undefined ? {} : { youtubeSecret }) });

    expect((await secrets.get('DB_PASSWORD'))?.reveal()).toBe('p"w');
    expect((await secrets.get('YOUTUBE_API_KEY'))?.reveal()).toBe('AIza-bare');
  });

  test('has no secret that the settings do not name', async () => {
    const secrets = open({ databaseSecret: await newSecret({ SecretString: 'x' }) });

    expect(await secrets.get('YOUTUBE_API_KEY')).toBeUndefined();
  });

  test('a rotated secret is read when it is to be fresh, or after five minutes', async () => {
    const databaseSecret = await newSecret({ SecretString: '{"username":"batch","password":"first"}' });
    const secrets = open({ databaseSecret });
    const read = async (fresh: boolean) => (await secrets.get('DB_PASSWORD', { fresh }))?.reveal();
    const rotate = (password: string) =>
      client.send(
        new PutSecretValueCommand({
          SecretId: databaseSecret,
          SecretString: JSON.stringify({ username: 'batch', password }),
        }),
      );

    expect(await read(false)).toBe('first');
    await rotate('second');
    expect(await read(false)).toBe('first');
    expect(await read(true)).toBe('second');
    expect(await read(false)).toBe('second');
    await rotate('third');
    await clock.sleep(5 * 60_000);
    expect(await read(false)).toBe('third');
  });

  test.each<[string, () => Promise<string>, string]>([
    ['is not there', async () => 'no-such-secret', 'DB_SECRET_NAME'],
    [
      'is marked for deletion',
      async () => {
        const SecretId = await newSecret({ SecretString: 'hunter2' });
        await client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 }));
        return SecretId;
      },
      'restore-secret',
    ],
    ['is bytes', () => newSecret({ SecretBinary: Buffer.from('hunter2') }), 'bytes, not text'],
    ['has another field', () => newSecret({ SecretString: '{"hunter2":"hunter2"}' }), '{"password": "…"}'],
  ])('a secret that %s is a configuration, told once and without its text', async (_, make, told) => {
    const databaseSecret = await make();

    const error: unknown = await open({ databaseSecret })
      .get('DB_PASSWORD')
      .catch((thrown) => thrown);

    expect(error).toBeInstanceOf(SecretError);
    expect(error).toMatchObject({
      code: 'secret_not_found',
      kind: 'configuration',
      message: expect.stringContaining(told),
    });
    expect(error).toMatchObject({ message: expect.stringContaining(databaseSecret) });
    expect(String(error)).not.toContain('hunter2');
    expect(clock.sleeps).toEqual([]);
  });
});
