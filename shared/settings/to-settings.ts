import type { z } from 'zod';
import type { fields } from './definitions';
import { isThisMachine } from './readers';
import { toCloud } from './to-cloud';
import type { CloudSettings, DatabaseSettings, Settings, TelemetrySettings, YoutubeSettings } from './types';

/** The values of all settings by their names in the environment, each read by itself. */
export type SettingValues = z.output<z.ZodObject<typeof fields>>;

/** The settings as the program uses them. */
export function toSettings(given: SettingValues): Settings {
  const cloud = toCloud(given);
  return {
    tenants: given.TENANT_ID,
    targetDateOffset: given.TARGET_DATE_OFFSET,
    businessTimeZone: given.BUSINESS_TIME_ZONE,
    planAuditShare: given.PLAN_AUDIT_SHARE,
    catchUpDays: given.CATCH_UP_DAYS,
    lateWindowDays: given.LATE_WINDOW_DAYS,
    exportSchedule: given.EXPORT_SCHEDULE,
    tenantConcurrency: given.EXPORT_TENANT_CONCURRENCY,
    readConcurrency: given.EXPORT_READ_CONCURRENCY,
    shardMessages: given.EXPORT_SHARD_MESSAGES,
    parquet: { encoder: given.PARQUET_ENCODER, compression: given.PARQUET_COMPRESSION },
    cloud,
    storageReader: given.STORAGE_READER,
    ...toContainers(given, cloud.kind),
    youtube: toYoutube(given),
    ...(given.DB_HOST === undefined ? {} : { database: toDatabase(given, given.DB_HOST) }),
    telemetry: toTelemetry(given),
    logLevel: given.LOG_LEVEL,
  };
}

function toContainers(given: SettingValues, cloud: CloudSettings['kind']) {
  const data = cloud === 'aws' ? (given.S3_BUCKET_NAME ?? '') : given.DATA_CONTAINER;
  const analytics = cloud === 'aws' ? given.ANALYTICS_BUCKET_NAME : given.ANALYTICS_CONTAINER;
  return { dataContainer: data, analyticsContainer: analytics ?? data };
}

function toYoutube(given: SettingValues): YoutubeSettings {
  return {
    schedule: given.YOUTUBE_SCHEDULE,
    channels: given.YOUTUBE_CHANNEL_IDS ?? [],
    ...(given.YOUTUBE_API_KEY === undefined ? {} : { apiKey: given.YOUTUBE_API_KEY }),
    dailyQuota: given.YOUTUBE_DAILY_QUOTA,
    ...(given.YOUTUBE_API_URL === undefined ? {} : { apiUrl: given.YOUTUBE_API_URL }),
    tenantConcurrency: given.YOUTUBE_TENANT_CONCURRENCY,
    csvRows: given.YOUTUBE_CSV_ROWS,
    retentionDays: given.YOUTUBE_RETENTION_DAYS,
  };
}

function toDatabase(given: SettingValues, host: string): DatabaseSettings {
  return {
    host,
    port: given.DB_PORT,
    name: given.DB_NAME,
    username: given.DB_USERNAME,
    ...(given.DB_PASSWORD === undefined ? {} : { password: given.DB_PASSWORD }),
    ssl: given.DB_SSL ?? (isThisMachine(host) ? 'disable' : 'require'),
    poolMax: given.DB_POOL_MAX,
  };
}

/** The settings of telemetry alone, which a process may need that has no other ones. */
export type TelemetryValues = Pick<
  SettingValues,
  | 'APPLICATIONINSIGHTS_CONNECTION_STRING'
  | 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  | 'OTEL_EXPORTER_OTLP_HEADERS'
  | 'TELEMETRY_CONSOLE'
  | 'TELEMETRY_SAMPLING'
>;

export function toTelemetry(given: TelemetryValues): TelemetrySettings {
  const connectionString = given.APPLICATIONINSIGHTS_CONNECTION_STRING;
  const identity = given.APPLICATIONINSIGHTS_AUTHENTICATION_STRING;
  const endpoint = given.OTEL_EXPORTER_OTLP_ENDPOINT;
  return {
    ...(connectionString === undefined
      ? {}
      : { applicationInsights: { connectionString, ...(identity === undefined ? {} : { identity }) } }),
    ...(endpoint === undefined ? {} : { otlp: { endpoint, headers: given.OTEL_EXPORTER_OTLP_HEADERS ?? [] } }),
    console: given.TELEMETRY_CONSOLE === 'on',
    sampling: given.TELEMETRY_SAMPLING,
  };
}
