import { SettingsError } from '../../../shared/errors';
import { loadSettings, secretsOf } from '../../../shared/settings';

const least = {
  AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  COSMOS_ENDPOINT: 'http://127.0.0.1:1',
};
const ID = `UC${'a'.repeat(22)}`;

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadSettings({ ...least, ...env });
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  throw new Error('Nothing was found wrong.');
}

describe('the settings of the YouTube sync', () => {
  test('are taken, each in its one spelling', () => {
    const { youtube, database, cloud } = loadSettings({
      ...least,
      KEY_VAULT_URL: 'https://acct.vault.azure.net/',
      YOUTUBE_SCHEDULE: '0 0 3,9,15 * * *',
      YOUTUBE_CHANNEL_IDS: `@白銀ノエル, ${ID},https://www.youtube.com/@maple`,
      YOUTUBE_API_KEY: 'the key of a test',
      YOUTUBE_DAILY_QUOTA: '500',
      YOUTUBE_API_URL: 'http://127.0.0.1:8080/',
      YOUTUBE_TENANT_CONCURRENCY: '3',
      YOUTUBE_CSV_ROWS: '1000',
      YOUTUBE_RETENTION_DAYS: '0',
      DB_HOST: 'db.example.com',
      DB_PORT: '6432',
      DB_NAME: 'site',
      DB_USERNAME: 'batch',
      DB_PASSWORD: 'the password of a test',
      DB_POOL_MAX: '5',
    });

    expect(youtube).toMatchObject({
      schedule: '0 0 3,9,15 * * *',
      channels: [{ handle: '@白銀ノエル' }, { id: ID }, { handle: '@maple' }],
      dailyQuota: 500,
      apiUrl: 'http://127.0.0.1:8080',
      tenantConcurrency: 3,
      csvRows: 1000,
      retentionDays: 0,
    });
    expect(database).toMatchObject({ host: 'db.example.com', port: 6432, name: 'site', username: 'batch', poolMax: 5 });
    expect(cloud).toMatchObject({ kind: 'azure', keyVaultUrl: 'https://acct.vault.azure.net' });
  });

  test('are not needed for the export', () => {
    const { youtube, database } = loadSettings(least);

    expect({ channels: youtube.channels, apiKey: youtube.apiKey, database }).toEqual({ channels: [] });
  });

  test('hold two secrets, which no way of printing shows', () => {
    const secrets = { YOUTUBE_API_KEY: 'AIza-not-really', DB_PASSWORD: 'hunter22' };
    const settings = loadSettings({ ...least, ...secrets, DB_HOST: 'localhost' });

    const printed = JSON.stringify(settings) + String(settings.youtube.apiKey) + settings.database?.password;

    for (const secret of Object.values(secrets)) expect(printed).not.toContain(secret);
    expect(secretsOf(settings).map((secret) => secret.reveal())).toEqual(
      expect.arrayContaining(Object.values(secrets)),
    );
  });

  test.each([
    ['localhost', undefined, 'disable'],
    ['127.0.0.1', undefined, 'disable'],
    ['::1', undefined, 'disable'],
    ['/run/postgresql', undefined, 'disable'],
    ['localhost', 'require', 'require'],
    ['db.example.com', undefined, 'require'],
    ['10.0.0.4', undefined, 'require'],
    ['127.example.com', undefined, 'require'],
    ['localhost.example.com', undefined, 'require'],
    ['db.example.com', 'no-verify', 'no-verify'],
  ])('the database %s with DB_SSL %s is spoken to with TLS as %s', (host, ssl, expected) => {
    const { database } = loadSettings({ ...least, DB_HOST: host, ...(ssl === undefined ? {} : { DB_SSL: ssl }) });

    expect(database?.ssl).toBe(expected);
  });

  test.each<[Record<string, string>, RegExp]>([
    [{ DB_HOST: 'db.example.com', DB_SSL: 'disable' }, /^DB_SSL: .* only a server on this machine/],
    [{ DB_HOST: 'postgres://user:pw@host/db' }, /^DB_HOST: expected the name or address/],
    [{ DB_PORT: '70000' }, /^DB_PORT: expected a whole number from 1 to 65535/],
    [{ DB_NAME: 'a'.repeat(64) }, /^DB_NAME: expected a name of at most 63 bytes/],
    [{ YOUTUBE_API_URL: 'http://proxy.example.com/' }, /^YOUTUBE_API_URL: expected https:/],
    [{ YOUTUBE_API_URL: 'http://127.0.0.1.example.com/' }, /^YOUTUBE_API_URL: expected https:/],
    [{ YOUTUBE_CHANNEL_IDS: '@a b' }, /^YOUTUBE_CHANNEL_IDS: expected channel ids .* got "@a b"/],
    [{ YOUTUBE_CHANNEL_IDS: '@maple,,@b' }, /^YOUTUBE_CHANNEL_IDS: .* got ""/],
    [{ YOUTUBE_CHANNEL_IDS: 'maple' }, /^YOUTUBE_CHANNEL_IDS: .* got "maple"/],
    [{ YOUTUBE_SCHEDULE: '0 0 25 * * *' }, /^YOUTUBE_SCHEDULE: /],
    [{ YOUTUBE_DAILY_QUOTA: '0' }, /^YOUTUBE_DAILY_QUOTA: expected a whole number from 1/],
    [{ KEY_VAULT_URL: 'http://acct.vault.azure.net' }, /^KEY_VAULT_URL: expected an address such as https:/],
  ])('%j is refused', (env, expected) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(expected)]);
  });
});
