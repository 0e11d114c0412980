import { SettingsError } from '../errors';
import type { SettingName } from './definitions';
import type { SettingValues } from './to-settings';
import type { AwsSettings, AzureSettings, CloudSettings, StorageSettings } from './types';

type Given = Partial<SettingValues>;
type Problem = readonly [SettingName, string];

/** A bucket is what tells AWS from Azure. */
function isAws(given: Given): boolean {
  return given.S3_BUCKET_NAME !== undefined;
}

/** What does not go together among the settings of both clouds, or is missing of one. */
export function cloudProblems(given: Given): Problem[] {
  const { AZURE_STORAGE_CONNECTION_STRING: connectionString, AZURE_STORAGE_ACCOUNT_URL: accountUrl } = given;
  const problems: Problem[] = [];
  if (isAws(given)) {
    if (connectionString !== undefined || accountUrl !== undefined) {
      problems.push(['S3_BUCKET_NAME', 'expected either this or a storage account of Azure, got both']);
    }
    if (given.AWS_DEFAULT_REGION === undefined)
      problems.push(['AWS_DEFAULT_REGION', 'is required with S3_BUCKET_NAME']);
    return problems;
  }
  if (connectionString === undefined && accountUrl === undefined) {
    problems.push([
      'AZURE_STORAGE_CONNECTION_STRING',
      'is required, or AZURE_STORAGE_ACCOUNT_URL in its place, or on AWS S3_BUCKET_NAME',
    ]);
  }
  if (connectionString !== undefined && accountUrl !== undefined) {
    problems.push([
      'AZURE_STORAGE_ACCOUNT_URL',
      'expected only one of this and AZURE_STORAGE_CONNECTION_STRING, got both',
    ]);
  }
  if (given.COSMOS_ENDPOINT === undefined) {
    problems.push(['COSMOS_ENDPOINT', 'is required: the Cosmos DB account of the metadata']);
  }
  return problems;
}

/** The settings of the one cloud that is used. @throws SettingsError where {@link cloudProblems} has any */
export function toCloud(given: SettingValues): CloudSettings {
  const [problem] = cloudProblems(given);
  if (problem !== undefined) throw new SettingsError([problem.join(': ')]);
  return isAws(given) ? toAws(given) : toAzure(given);
}

function toAzure(given: SettingValues): AzureSettings {
  const key = given.COSMOS_KEY;
  return {
    kind: 'azure',
    storage: toStorage(given),
    cosmos: {
      endpoint: given.COSMOS_ENDPOINT ?? '',
      ...(key === undefined ? {} : { key }),
      databaseName: given.COSMOS_DATABASE_NAME,
      containerName: given.COSMOS_CONTAINER_NAME,
    },
    ...(given.KEY_VAULT_URL === undefined ? {} : { keyVaultUrl: given.KEY_VAULT_URL }),
  };
}

function toStorage(given: SettingValues): StorageSettings {
  const { AZURE_STORAGE_CONNECTION_STRING: connectionString, AZURE_STORAGE_ACCOUNT_URL: accountUrl = '' } = given;
  return connectionString === undefined ? { accountUrl } : { connectionString };
}

function toAws(given: SettingValues): AwsSettings {
  const endpoint = (own: string | undefined) => own ?? given.AWS_ENDPOINT_URL;
  return {
    kind: 'aws',
    region: given.AWS_DEFAULT_REGION ?? '',
    table: given.DYNAMODB_TABLE_NAME,
    ...defined('databaseSecret', given.DB_SECRET_NAME),
    ...defined('youtubeSecret', given.YOUTUBE_SECRET_NAME),
    endpoints: {
      ...defined('s3', endpoint(given.AWS_ENDPOINT_URL_S3)),
      ...defined('dynamodb', endpoint(given.AWS_ENDPOINT_URL_DYNAMODB)),
      ...defined('secretsManager', endpoint(given.AWS_ENDPOINT_URL_SECRETS_MANAGER)),
    },
  };
}

function defined<Name extends string>(name: Name, value: string | undefined): { readonly [N in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]: string });
}
