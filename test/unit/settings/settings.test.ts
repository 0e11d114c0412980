import { inspect } from 'node:util';
import fc from 'fast-check';
import { SettingsError } from '../../../shared/errors';
import { Secret } from '../../../shared/secret';
import { loadSettings, secretsOf, settingsTable } from '../../../shared/settings';

const KEY = 'c2VjcmV0LWtleS1vZi10aGUtYWNjb3VudA==';
const connectionString = `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${KEY};EndpointSuffix=core.windows.net`;
const least = { AZURE_STORAGE_CONNECTION_STRING: connectionString, COSMOS_ENDPOINT: 'http://127.0.0.1:8081' };

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe('settings', () => {
  test('the least that must be given leaves the rest to the defaults', () => {
    const settings = loadSettings(least);

    expect(settings).toEqual({
      tenants: ['default_tenant'],
      targetDateOffset: -1,
      businessTimeZone: 'Asia/Tokyo',
      catchUpDays: 7,
      lateWindowDays: 2,
      planAuditShare: 0.142857,
      exportSchedule: '0 0 17 * * *',
      tenantConcurrency: 4,
      readConcurrency: 128,
      shardMessages: 50_000,
      parquet: { encoder: 'arrow', compression: 'ZSTD' },
      storageReader: 'fast',
      dataContainer: 'makoto-messages',
      analyticsContainer: 'makoto-messages',
      cloud: {
        kind: 'azure',
        storage: { connectionString: expect.any(Secret) },
        cosmos: { endpoint: 'http://127.0.0.1:8081', databaseName: 'makoto-db', containerName: 'metadata' },
      },
      youtube: {
        channels: [],
        csvRows: 100_000,
        dailyQuota: 10_000,
        retentionDays: 30,
        schedule: '0 0 15 * * *',
        tenantConcurrency: 2,
      },
      telemetry: { console: false, sampling: 1 },
      logLevel: 'info',
    });
    expect(secretsOf(settings).map((secret) => secret.reveal())).toEqual([connectionString]);
  });

  test('everything that is given is taken, trimmed and in its one spelling', () => {
    const settings = loadSettings({
      TENANT_ID: ' acme , b/ad,, acme',
      TARGET_DATE_OFFSET: '-30',
      BUSINESS_TIME_ZONE: 'america/new_york',
      PLAN_AUDIT_SHARE: '1',
      CATCH_UP_DAYS: '0',
      LATE_WINDOW_DAYS: '31',
      EXPORT_SCHEDULE: ' 0  5/10 17 * Jan-mar,December SUN ',
      EXPORT_TENANT_CONCURRENCY: '64',
      EXPORT_READ_CONCURRENCY: '256',
      EXPORT_SHARD_MESSAGES: '1',
      PARQUET_ENCODER: 'ParquetJS-Lite',
      PARQUET_COMPRESSION: 'snappy',
      AZURE_STORAGE_ACCOUNT_URL: 'https://acct.blob.core.windows.net/',
      STORAGE_READER: 'SDK',
      DATA_CONTAINER: 'chat-{tenant}',
      ANALYTICS_CONTAINER: 'analytics',
      COSMOS_ENDPOINT: 'https://acct.documents.azure.com:443/',
      COSMOS_KEY: `${KEY}\n`,
      COSMOS_DATABASE_NAME: 'db',
      COSMOS_CONTAINER_NAME: 'items',
      LOG_LEVEL: 'WARN',
      UNRELATED: 'ignored',
    });

    expect(settings).toEqual({
      // Judged one by one when a run resolves its tenants, so that a bad one stops no other.
      tenants: ['acme', 'b/ad', '', 'acme'],
      targetDateOffset: -30,
      businessTimeZone: 'America/New_York',
      catchUpDays: 0,
      lateWindowDays: 31,
      planAuditShare: 1,
      exportSchedule: '0 5-59/10 17 * 1-3,12 0',
      tenantConcurrency: 64,
      readConcurrency: 256,
      shardMessages: 1,
      parquet: { encoder: 'parquetjs-lite', compression: 'SNAPPY' },
      storageReader: 'sdk',
      dataContainer: 'chat-{tenant}',
      analyticsContainer: 'analytics',
      cloud: {
        kind: 'azure',
        storage: { accountUrl: 'https://acct.blob.core.windows.net' },
        cosmos: {
          endpoint: 'https://acct.documents.azure.com:443',
          key: expect.any(Secret),
          databaseName: 'db',
          containerName: 'items',
        },
      },
      youtube: {
        channels: [],
        csvRows: 100_000,
        dailyQuota: 10_000,
        retentionDays: 30,
        schedule: '0 0 15 * * *',
        tenantConcurrency: 2,
      },
      telemetry: { console: false, sampling: 1 },
      logLevel: 'warn',
    });
    expect(secretsOf(settings).map((secret) => secret.reveal())).toEqual([KEY]);
  });

  test('unset, empty and blank count as not given', () => {
    const blank = Object.fromEntries(settingsTable.map(({ name }, index) => [name, ['', '  ', undefined][index % 3]]));

    expect(loadSettings({ ...blank, ...least })).toEqual(loadSettings(least));
    expect(problemsOf(blank)).toEqual(problemsOf({}));
  });

  test('every wrong setting is named at once, in the order of the table, with what was expected', () => {
    const problems = problemsOf({
      TENANT_ID: 'acme,*',
      TARGET_DATE_OFFSET: '1',
      BUSINESS_TIME_ZONE: '+09:00',
      PLAN_AUDIT_SHARE: '1.5',
      EXPORT_SCHEDULE: '0 17 * * *',
      EXPORT_TENANT_CONCURRENCY: '0',
      EXPORT_READ_CONCURRENCY: '1e2',
      EXPORT_SHARD_MESSAGES: '',
      PARQUET_ENCODER: 'pandas',
      PARQUET_COMPRESSION: 'gzip',
      DATA_CONTAINER: 'Chat_{tenant}',
      ANALYTICS_CONTAINER: '-a-',
      COSMOS_KEY: KEY,
      COSMOS_DATABASE_NAME: 'a/b',
      LOG_LEVEL: 'verbose',
    });

    expect(problems).toEqual([
      'TENANT_ID: expected * alone, or tenant ids separated by commas, got "acme,*"',
      'TARGET_DATE_OFFSET: expected a whole number from -3650 to 0, got "1"',
      'BUSINESS_TIME_ZONE: expected the name of an IANA time zone such as Asia/Tokyo, got "+09:00"',
      'PLAN_AUDIT_SHARE: expected 0, or a number from 0.001 to 1, got "1.5"',
      'EXPORT_SCHEDULE: expected the six fields of NCRONTAB (second, minute, hour, day, month, day of the week), got 5',
      'EXPORT_TENANT_CONCURRENCY: expected a whole number from 1 to 64, got "0"',
      'EXPORT_READ_CONCURRENCY: expected a whole number from 1 to 256, got "1e2"',
      'PARQUET_ENCODER: expected arrow or parquetjs-lite, got "pandas"',
      'PARQUET_COMPRESSION: expected ZSTD or SNAPPY, got "gzip"',
      'AZURE_STORAGE_CONNECTION_STRING: is required, or AZURE_STORAGE_ACCOUNT_URL in its place, or on AWS S3_BUCKET_NAME',
      expect.stringMatching(/^DATA_CONTAINER: expected 3 to 63 lower-case letters, .*, got "Chat_\{tenant\}"$/),
      expect.stringMatching(/^ANALYTICS_CONTAINER: expected 3 to 63 lower-case letters, .*, got "-a-"$/),
      expect.stringMatching(/^COSMOS_ENDPOINT: is required: the Cosmos DB account/),
      'COSMOS_DATABASE_NAME: expected a name of at most 255 characters without / \\ # ?, got "a/b"',
      'LOG_LEVEL: expected debug, info, warn or error, got "verbose"',
    ]);
  });

  test('the error counts its problems and lists each on a line', () => {
    const load = () => loadSettings({ ...least, LOG_LEVEL: 'loud' });

    expect(load).toThrow(SettingsError);
    expect(load).toThrow('One setting is wrong:\n  - LOG_LEVEL: expected debug, info, warn or error, got "loud"');
    expect(load).toThrow(expect.objectContaining({ code: 'settings_invalid', kind: 'configuration' }));
  });

  test.each([
    ['TARGET_DATE_OFFSET', ['-3651', '-0.5', 'yesterday', '0x1', '--1', '１']],
    ['PLAN_AUDIT_SHARE', ['-0.1', '1.0001', '1/7', 'NaN', '.', '1e-1', 'Infinity']],
    ['EXPORT_SHARD_MESSAGES', ['0', '10000001', '2000.5', '9'.repeat(400)]],
    ['BUSINESS_TIME_ZONE', ['JST', 'Asia/Atlantis', 'Z', 'Asia/Tokyo,UTC']],
    ['DATA_CONTAINER', ['ab', 'a'.repeat(64), 'two--hyphens', '$root', 'Upper', 'under_score', 'x-{user}', 'a{tenant']],
    ['AZURE_STORAGE_ACCOUNT_URL', ['acct.blob.core.windows.net', 'http://127.0.0.1:10000/acct', 'ftp://a', 'https://']],
    [
      'COSMOS_ENDPOINT',
      ['acct', 'ws://127.0.0.1', 'https://a.example/?x=1', 'https://a.example/#x', 'https://me:pw@a.example'],
    ],
    ['COSMOS_CONTAINER_NAME', ['a\\b', 'a#b', 'a?b', 'x'.repeat(256)]],
  ])('%s is none of %j', (name, values) => {
    for (const value of values) {
      const env = name === 'AZURE_STORAGE_ACCOUNT_URL' ? { COSMOS_ENDPOINT: 'https://a.example' } : least;

      expect(problemsOf({ ...env, [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: expected `))]);
    }
  });

  test.each([
    ['TARGET_DATE_OFFSET', ['0', '-0', '+0', '-3650']],
    ['PLAN_AUDIT_SHARE', ['0', '.5', '0.', '1.0']],
    ['DATA_CONTAINER', ['abc', 'a'.repeat(63), '{tenant}', `${'a'.repeat(61)}-{tenant}`, '0-{tenant}-{tenant}']],
    ['COSMOS_CONTAINER_NAME', ['a b', 'データ']],
  ])('%s may be each of %j', (name, values) => {
    for (const value of values) expect(problemsOf({ ...least, [name]: value })).toEqual([]);
    expect(loadSettings({ ...least, TARGET_DATE_OFFSET: '-0' }).targetDateOffset).toBe(0);
  });

  test('the storage account is named once', () => {
    const both = { ...least, AZURE_STORAGE_ACCOUNT_URL: 'https://a.blob.core.windows.net' };

    expect(problemsOf(both)).toEqual([
      'AZURE_STORAGE_ACCOUNT_URL: expected only one of this and AZURE_STORAGE_CONNECTION_STRING, got both',
    ]);
    expect(problemsOf({ ...both, AZURE_STORAGE_ACCOUNT_URL: 'nowhere' })).toHaveLength(2);
  });

  test.each([
    ['AccountName=a;AccountKey=b', 'no DefaultEndpointsProtocol, no EndpointSuffix'],
    ['DefaultEndpointsProtocol=https;AccountName=a;EndpointSuffix=x', 'no AccountKey'],
    ['DefaultEndpointsProtocol=https;AccountName=;AccountKey=b;EndpointSuffix=x', 'no AccountName'],
    ['SharedAccessSignature=sv=1&sig=hidden', 'no BlobEndpoint'],
    [KEY, 'no DefaultEndpointsProtocol, no AccountName, no AccountKey, no EndpointSuffix'],
  ])('a connection string is told what it lacks: %s', (text, lacking) => {
    const problems = problemsOf({ ...least, AZURE_STORAGE_CONNECTION_STRING: text });

    expect(problems).toEqual([
      `AZURE_STORAGE_CONNECTION_STRING: expected a storage account's connection string; this one has ${lacking}`,
    ]);
  });

  test.each([
    'UseDevelopmentStorage=true',
    'BlobEndpoint=https://a.blob.core.windows.net;SharedAccessSignature=sv=1&sig=x',
    'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=b;BlobEndpoint=http://127.0.0.1:10000/a;',
  ])('a connection string may be %s', (text) => {
    expect(problemsOf({ ...least, AZURE_STORAGE_CONNECTION_STRING: text })).toEqual([]);
  });

  test.each([
    [{ PARQUET_ENCODER: 'parquetjs-lite' }],
    [{ PARQUET_ENCODER: 'parquetjs-lite', PARQUET_COMPRESSION: 'zstd' }],
    [{ PARQUET_ENCODER: 'parquetjs-lite', LOG_LEVEL: 'loud' }],
  ])('an encoder that lacks the compression says what to set: %j', (env) => {
    expect(problemsOf({ ...least, ...env })).toContain(
      'PARQUET_COMPRESSION: parquetjs-lite cannot write ZSTD: set PARQUET_COMPRESSION=SNAPPY',
    );
  });
});

describe('secrets among the settings', () => {
  const secrets = fc
    .string({ unit: 'grapheme', minLength: 8, maxLength: 80 })
    .filter((text) => text.trim().length >= 8);
  const seen = (value: unknown) => [
    String(value),
    `${value}`,
    JSON.stringify(value),
    JSON.stringify({ ...Object(value) }),
    inspect(value, { depth: 9, showHidden: true, getters: true }),
  ];

  test('are shown by no way of printing the settings', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const key = secret.trim();
        const settings = loadSettings({ ...least, COSMOS_KEY: secret });

        const { cloud } = settings;
        if (cloud.kind !== 'azure') throw new Error('The settings are of Azure.');
        const { cosmos, storage } = cloud;

        const texts = [settings, cosmos, cosmos.key, storage].flatMap(seen).join('\n');

        expect(cosmos.key?.reveal()).toBe(key);
        expect(texts).not.toContain(KEY);
        // What the rest of the settings holds by chance is not the secret's.
        const rest = [{ ...settings, cloud: { ...cloud, cosmos: { ...cosmos, key: '***' } } }].flatMap(seen).join('\n');
        if (!rest.includes(key)) expect(texts.includes(key)).toBe(false);
      }),
    );
  });

  test('are in no error, though they stand in every wrong place as well', () => {
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
        const wrong = `§${before}${secret.trim()}${after}§`;
        const env = Object.fromEntries(settingsTable.map(({ name }) => [name, wrong]));
        const problems = (key: string) =>
          problemsOf({ ...env, AZURE_STORAGE_CONNECTION_STRING: connectionString, COSMOS_KEY: key });

        const text = problems(secret).join('\n');

        expect(text).not.toContain(KEY);
        // What the lines say by themselves may hold a secret such as "expected".
        const said =
          settingsTable.map(({ name, meaning }) => name + meaning).join() +
          problemsOf({ ...least, LOG_LEVEL: '§' }).join();
        if (!said.includes(secret.trim()) && !/^[\w :,*]*$/.test(secret.trim()))
          expect(text).not.toContain(secret.trim());
      }),
    );
  });

  test('pasted into the wrong setting are masked', () => {
    const problems = problemsOf({
      ...least,
      COSMOS_KEY: KEY,
      TARGET_DATE_OFFSET: KEY,
      LOG_LEVEL: `key ${KEY}`,
      COSMOS_ENDPOINT: 'AccountEndpoint=https://a.example;AccountKey=unheard+of==;',
      DATA_CONTAINER: connectionString,
    }).join('\n');

    expect(problems).toContain('TARGET_DATE_OFFSET: expected a whole number from -3650 to 0, got "***"');
    expect(problems).toContain('LOG_LEVEL: expected debug, info, warn or error, got "key ***"');
    expect(problems).not.toContain('unheard');
    expect(problems).not.toContain(KEY);
  });
});

describe('the table of settings', () => {
  test('says of each its default and meaning, and the defaults are those that load', () => {
    const defaults = Object.fromEntries(settingsTable.map((row) => [row.name, row.default]));

    expect(loadSettings({ ...defaults, ...least })).toEqual(loadSettings(least));
    expect(settingsTable.filter((row) => row.secret).map((row) => row.name)).toEqual([
      'AZURE_STORAGE_CONNECTION_STRING',
      'COSMOS_KEY',
      'YOUTUBE_API_KEY',
      'DB_PASSWORD',
      'OTEL_EXPORTER_OTLP_HEADERS',
    ]);
    expect(settingsTable.every((row) => row.meaning.length > 10)).toBe(true);
    expect(new Set(settingsTable.map((row) => row.name)).size).toBe(settingsTable.length);
  });
});
