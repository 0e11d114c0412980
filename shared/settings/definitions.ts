import { z } from 'zod';
import { awsRegion, awsSecretName, dynamoName } from './aws-readers';
import {
  address,
  channelList,
  choice,
  containerTemplate,
  cosmosName,
  databaseName,
  guardedAddress,
  hostName,
  integer,
  type Reader,
  schedule,
  secret,
  share,
  storageConnectionString,
  tenantList,
  timeZone,
} from './readers';
import { applicationInsightsIdentity, connectionString, otlpHeaders } from './telemetry-readers';

/** What the documentation says of a setting. */
export interface SettingDescription {
  readonly default?: string;
  readonly meaning: string;
  readonly secret?: boolean;
  /** The cloud that it is of, where it means nothing on the other. */
  readonly cloud?: 'azure' | 'aws';
}

export const descriptions = z.registry<SettingDescription>();

function optional<T>(read: Reader<T>, description: SettingDescription) {
  return z.string().pipe(read).optional().register(descriptions, description);
}

function defaulted<T>(read: Reader<T>, value: string, meaning: string, of: Pick<SettingDescription, 'cloud'> = {}) {
  return z
    .string()
    .default(value)
    .pipe(read)
    .register(descriptions, { ...of, default: value, meaning });
}

/** Every setting by its name in the environment, in the order in which problems and documentation list them. */
export const fields = {
  TENANT_ID: defaulted(tenantList, 'default_tenant', 'comma-separated tenant ids; `*` is every tenant in the registry'),
  TARGET_DATE_OFFSET: defaulted(integer(-3650, 0), '-1', 'business days from today'),
  BUSINESS_TIME_ZONE: defaulted(
    timeZone,
    'Asia/Tokyo',
    'the zone whose midnight bounds a day; a tenant may override it',
  ),
  PLAN_AUDIT_SHARE: defaulted(
    share,
    '0.142857',
    "the share of skipped prefixes that each run's plan walks all the same",
  ),
  CATCH_UP_DAYS: defaulted(
    integer(0, 31),
    '7',
    'the days before the exported one that a scheduled run makes up for where they are not published; `0`: none',
  ),
  LATE_WINDOW_DAYS: defaulted(
    integer(0, 31),
    '2',
    'the published days before the exported one that a scheduled run lists again, for messages that came late; `0`: none',
  ),
  EXPORT_SCHEDULE: defaulted(schedule, '0 0 17 * * *', 'when the message export starts: NCRONTAB, in UTC'),
  EXPORT_TENANT_CONCURRENCY: defaulted(integer(1, 64), '4', 'tenants exported at a time'),
  EXPORT_READ_CONCURRENCY: defaulted(
    integer(1, 256),
    '128',
    'messages being downloaded at a time, in one shard, at most: as many as the store answers quickly',
  ),
  EXPORT_SHARD_MESSAGES: defaulted(
    integer(1, 10_000_000),
    '50000',
    'the messages that one shard aims at: as many as are read in half a minute, far from the ten that a function may take',
  ),
  PARQUET_ENCODER: defaulted(
    choice('arrow', 'parquetjs-lite'),
    'arrow',
    'what writes Parquet: `arrow` or `parquetjs-lite`',
  ),
  PARQUET_COMPRESSION: defaulted(
    choice('ZSTD', 'SNAPPY'),
    'ZSTD',
    '`ZSTD`, or `SNAPPY` (Synapse serverless; `parquetjs-lite`)',
  ),
  AZURE_STORAGE_CONNECTION_STRING: optional(storageConnectionString, {
    meaning: 'the storage account, with its key; either this, or AZURE_STORAGE_ACCOUNT_URL, or on AWS S3_BUCKET_NAME',
    secret: true,
  }),
  // The client refuses to send a token over plain http (bearerTokenAuthenticationPolicy of @azure/core-rest-pipeline).
  AZURE_STORAGE_ACCOUNT_URL: optional(address(['https'], 'https://account.blob.core.windows.net'), {
    meaning: 'the storage account, with `DefaultAzureCredential`; either this or AZURE_STORAGE_CONNECTION_STRING',
  }),
  STORAGE_READER: defaulted(
    choice('fast', 'sdk'),
    'fast',
    'what lists and reads blobs: `fast`, or `sdk` where something between here and the service does not agree with it',
  ),
  DATA_CONTAINER: defaulted(
    containerTemplate,
    'makoto-messages',
    'where messages are; may hold `{tenant}`: one container per tenant',
  ),
  ANALYTICS_CONTAINER: optional(containerTemplate, {
    meaning: 'where Parquet goes; may hold `{tenant}`; without it, as DATA_CONTAINER',
  }),
  COSMOS_ENDPOINT: optional(address(['http', 'https'], 'https://account.documents.azure.com:443'), {
    meaning: 'the Cosmos DB account of the metadata, required on Azure; one that begins with http:// is an emulator',
  }),
  COSMOS_KEY: optional(secret, { meaning: "the account's key; without it, `DefaultAzureCredential`", secret: true }),
  COSMOS_DATABASE_NAME: defaulted(cosmosName, 'makoto-db', 'the database of the metadata'),
  COSMOS_CONTAINER_NAME: defaulted(cosmosName, 'metadata', 'the container of the metadata'),
  KEY_VAULT_URL: optional(address(['https'], 'https://name.vault.azure.net'), {
    meaning: 'where a secret is looked up that is not set here: `YOUTUBE-API-KEY`, `DB-PASSWORD`',
  }),
  S3_BUCKET_NAME: optional(containerTemplate, {
    cloud: 'aws',
    meaning: 'where messages are on AWS, in place of a storage account; may hold `{tenant}`: one bucket per tenant',
  }),
  ANALYTICS_BUCKET_NAME: optional(containerTemplate, {
    cloud: 'aws',
    meaning: 'where Parquet goes; may hold `{tenant}`; without it, as S3_BUCKET_NAME',
  }),
  DYNAMODB_TABLE_NAME: defaulted(dynamoName, 'makoto-metadata', 'the DynamoDB table of the metadata', { cloud: 'aws' }),
  AWS_DEFAULT_REGION: optional(awsRegion, {
    cloud: 'aws',
    meaning: 'the region of bucket, table and secrets, required on AWS; Lambda sets it',
  }),
  DB_SECRET_NAME: optional(awsSecretName, {
    cloud: 'aws',
    meaning:
      'the secret in Secrets Manager that holds the password of the database: JSON with `password`, or the bare text',
  }),
  YOUTUBE_SECRET_NAME: optional(awsSecretName, {
    cloud: 'aws',
    meaning:
      'the secret in Secrets Manager that holds the key of the YouTube Data API: JSON with `api_key`, or the bare text',
  }),
  AWS_ENDPOINT_URL: optional(guardedAddress('https://aws.example.com'), {
    cloud: 'aws',
    meaning: "where AWS's services are, for a stand-in; without it, AWS's own",
  }),
  AWS_ENDPOINT_URL_S3: optional(guardedAddress('https://s3.example.com'), {
    cloud: 'aws',
    meaning: 'the same for S3 alone',
  }),
  AWS_ENDPOINT_URL_DYNAMODB: optional(guardedAddress('https://dynamodb.example.com'), {
    cloud: 'aws',
    meaning: 'the same for DynamoDB alone',
  }),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: optional(guardedAddress('https://secretsmanager.example.com'), {
    cloud: 'aws',
    meaning: 'the same for Secrets Manager alone',
  }),
  YOUTUBE_SCHEDULE: defaulted(
    schedule,
    '0 0 15 * * *',
    'when the YouTube sync starts: NCRONTAB, in UTC; `0 0 3,9,15 * * *` is three times a day',
  ),
  YOUTUBE_CHANNEL_IDS: optional(channelList, {
    meaning: 'comma-separated channel ids or handles of every tenant whose registry entry names none',
  }),
  YOUTUBE_API_KEY: optional(secret, { meaning: 'the key of the YouTube Data API', secret: true }),
  YOUTUBE_DAILY_QUOTA: defaulted(
    integer(1, 1_000_000_000),
    '10000',
    'the units that the key may spend from one midnight Pacific time to the next',
  ),
  YOUTUBE_API_URL: optional(guardedAddress('https://youtube.googleapis.com'), {
    meaning: "where the API is, for a stand-in or a proxy; without it, Google's",
  }),
  YOUTUBE_TENANT_CONCURRENCY: defaulted(integer(1, 64), '2', 'tenants synced at a time'),
  YOUTUBE_CSV_ROWS: defaulted(
    integer(1, 1_000_000),
    '100000',
    'the rows of one CSV file; what is more goes to `videos_002.csv` and so on',
  ),
  YOUTUBE_RETENTION_DAYS: defaulted(
    integer(0, 36_500),
    '30',
    "how long data of the API is kept without being refreshed, in days: the API's terms allow 30; `0`: for good, where Google has agreed to it",
  ),
  DB_HOST: optional(hostName, { meaning: 'the PostgreSQL server; without it, there is no YouTube sync' }),
  DB_PORT: defaulted(integer(1, 65_535), '5432', "the server's port"),
  DB_NAME: defaulted(databaseName, 'shirogane', 'the database'),
  DB_USERNAME: defaulted(databaseName, 'postgres', 'the login; row-level security binds what it does for a tenant'),
  DB_PASSWORD: optional(secret, {
    meaning: 'its password; without one here or in the key vault, an access token of the Azure identity',
    secret: true,
  }),
  DB_SSL: optional(choice('require', 'no-verify', 'disable'), {
    meaning:
      '`require` (off this machine, unless set): TLS with a certificate that is checked; `no-verify`: one that is not; `disable`: on this machine only',
  }),
  DB_POOL_MAX: defaulted(integer(1, 100), '2', 'the connections that one process holds at most'),
  // No secret where the resource takes an identity only, as ours does; masked all the same, as not every resource does.
  APPLICATIONINSIGHTS_CONNECTION_STRING: optional(connectionString, {
    meaning: 'the Application Insights resource that telemetry goes to',
  }),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: optional(applicationInsightsIdentity, {
    meaning: '`Authorization=AAD`, or `ClientId=…;Authorization=AAD`: telemetry is sent as an Azure identity',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(guardedAddress('https://collector.example.com:4318'), {
    meaning: 'an OTLP/HTTP endpoint that telemetry goes to, without `/v1/…`',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: optional(otlpHeaders, {
    meaning: 'what that endpoint asks for: `name=value`, separated by commas',
    secret: true,
  }),
  TELEMETRY_CONSOLE: defaulted(
    choice('on', 'off'),
    'off',
    '`on`: telemetry also goes to standard error, as lines of JSON',
  ),
  TELEMETRY_SAMPLING: defaulted(
    share,
    '1',
    'the share of successful spans that are kept; failures, log lines and metrics always are',
  ),
  LOG_LEVEL: defaulted(
    choice('debug', 'info', 'warn', 'error'),
    'info',
    'the least that is logged: `debug`, `info`, `warn` or `error`',
  ),
};

export type SettingName = keyof typeof fields;
