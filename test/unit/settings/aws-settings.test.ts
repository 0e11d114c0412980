import { SettingsError } from '../../../shared/errors';
import { loadSettings, secretsOf } from '../../../shared/settings';

const least = { S3_BUCKET_NAME: 'makoto-{tenant}', AWS_DEFAULT_REGION: 'ap-northeast-1' };

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    loadSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  throw new Error('Nothing was found wrong.');
}

describe('the settings of AWS', () => {
  test('need a bucket and a region, and nothing of Azure', () => {
    const settings = loadSettings(least);

    expect(settings.cloud).toEqual({
      kind: 'aws',
      region: 'ap-northeast-1',
      table: 'makoto-metadata',
      endpoints: {},
    });
    expect([settings.dataContainer, settings.analyticsContainer]).toEqual(['makoto-{tenant}', 'makoto-{tenant}']);
    expect(secretsOf(settings)).toEqual([]);
  });

  test('are taken, each in its one spelling, and one endpoint serves all services that have none of their own', () => {
    const settings = loadSettings({
      ...least,
      ANALYTICS_BUCKET_NAME: 'lake',
      DYNAMODB_TABLE_NAME: 'chat.Metadata_1',
      DB_SECRET_NAME: 'arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:prod/db-AbCdEf',
      YOUTUBE_SECRET_NAME: 'prod/youtube',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:5000',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000/',
    });

    expect(settings.analyticsContainer).toBe('lake');
    expect(settings.cloud).toEqual({
      kind: 'aws',
      region: 'ap-northeast-1',
      table: 'chat.Metadata_1',
      databaseSecret: 'arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:prod/db-AbCdEf',
      youtubeSecret: 'prod/youtube',
      endpoints: {
        s3: 'http://127.0.0.1:5000',
        dynamodb: 'http://127.0.0.1:8000',
        secretsManager: 'http://127.0.0.1:5000',
      },
    });
  });

  test.each([
    [{ S3_BUCKET_NAME: 'makoto' }, ['AWS_DEFAULT_REGION: is required with S3_BUCKET_NAME']],
    [
      { ...least, AZURE_STORAGE_ACCOUNT_URL: 'https://acct.blob.core.windows.net' },
      ['S3_BUCKET_NAME: expected either this or a storage account of Azure, got both'],
    ],
    [
      { ...least, AWS_DEFAULT_REGION: 'Tokyo' },
      ['AWS_DEFAULT_REGION: expected a region such as ap-northeast-1, got "Tokyo"'],
    ],
    [
      { ...least, DYNAMODB_TABLE_NAME: 'a' },
      [expect.stringMatching(/^DYNAMODB_TABLE_NAME: expected 3 to 255 letters/)],
    ],
    [
      { ...least, DB_SECRET_NAME: 'a secret' },
      ['DB_SECRET_NAME: expected the name or the ARN of a secret, got "a secret"'],
    ],
    [
      { ...least, AWS_ENDPOINT_URL: 'http://s3.example.com' },
      [expect.stringMatching(/^AWS_ENDPOINT_URL: expected https/)],
    ],
  ])('%p: what is wrong is said', (env, problems) => {
    expect(problemsOf(env)).toEqual(problems);
  });
});
