@export()
@sealed()
@description('The settings of the batch that a deployment may choose, by their names in the environment. What the resources decide (addresses, names, the identity) is not among them, and secrets are not settings here.')
type batchSettingValues = {
  @description('Comma-separated tenant ids; * is every tenant in the registry.')
  TENANT_ID: string?
  @description('Business days from today, zero or below.')
  TARGET_DATE_OFFSET: string?
  @description('The IANA zone whose midnight bounds a day. Schedules are in UTC all the same.')
  BUSINESS_TIME_ZONE: string?
  @description('The share of skipped prefixes that each run walks all the same.')
  PLAN_AUDIT_SHARE: string?
  @description('The days before the exported one that a scheduled run makes up for where they are not published.')
  CATCH_UP_DAYS: string?
  @description('The published days before the exported one that a scheduled run lists again, for messages that came late.')
  LATE_WINDOW_DAYS: string?
  @description('When the message export starts: NCRONTAB, in UTC.')
  EXPORT_SCHEDULE: string?
  @description('Tenants exported at a time.')
  EXPORT_TENANT_CONCURRENCY: string?
  @description('Messages being downloaded at a time, in one shard, at most.')
  EXPORT_READ_CONCURRENCY: string?
  @description('The messages that one shard aims at.')
  EXPORT_SHARD_MESSAGES: string?
  @description('What writes Parquet.')
  PARQUET_ENCODER: ('arrow' | 'parquetjs-lite')?
  @description('SNAPPY is for Synapse serverless and for parquetjs-lite.')
  PARQUET_COMPRESSION: ('ZSTD' | 'SNAPPY')?
  @description('What lists and reads blobs: sdk where something between here and the service does not agree with fast.')
  STORAGE_READER: ('fast' | 'sdk')?
  @description('The container of the messages. It may hold {tenant}; then dataStorage.containers lists them.')
  DATA_CONTAINER: string?
  @description('The container of the Parquet files. Without it, that of the messages.')
  ANALYTICS_CONTAINER: string?
  @description('When the YouTube sync starts: NCRONTAB, in UTC.')
  YOUTUBE_SCHEDULE: string?
  @description('Comma-separated channel ids or handles of every tenant whose registry entry names none.')
  YOUTUBE_CHANNEL_IDS: string?
  @description('The units that the key may spend in a day of Pacific time.')
  YOUTUBE_DAILY_QUOTA: string?
  @description('Where the YouTube API is, for a proxy.')
  YOUTUBE_API_URL: string?
  @description('Tenants synced at a time.')
  YOUTUBE_TENANT_CONCURRENCY: string?
  @description('The rows of one CSV file.')
  YOUTUBE_CSV_ROWS: string?
  @description('How long data of the API is kept without being refreshed, in days. 0 is for good, where Google has agreed to it.')
  YOUTUBE_RETENTION_DAYS: string?
  @description('How the database is reached: require checks its certificate, no-verify does not.')
  DB_SSL: ('require' | 'no-verify')?
  @description('The database connections that one instance holds at most.')
  DB_POOL_MAX: string?
  @description('An OTLP/HTTP endpoint that telemetry goes to besides Application Insights.')
  OTEL_EXPORTER_OTLP_ENDPOINT: string?
  @description('on: telemetry also goes to standard error.')
  TELEMETRY_CONSOLE: ('on' | 'off')?
  @description('The share of successful spans that are kept. Failures, log lines and metrics always are.')
  TELEMETRY_SAMPLING: string?
  @description('The least that is logged.')
  LOG_LEVEL: ('debug' | 'info' | 'warn' | 'error')?
}

@export()
@description('The defaults of the app itself. A blank one counts as not given, and the app decides.')
var batchSettingDefaults = {
  TENANT_ID: 'default_tenant'
  TARGET_DATE_OFFSET: '-1'
  BUSINESS_TIME_ZONE: 'Asia/Tokyo'
  PLAN_AUDIT_SHARE: '0.142857'
  CATCH_UP_DAYS: '7'
  LATE_WINDOW_DAYS: '2'
  EXPORT_SCHEDULE: '0 0 17 * * *'
  EXPORT_TENANT_CONCURRENCY: '4'
  EXPORT_READ_CONCURRENCY: '128'
  EXPORT_SHARD_MESSAGES: '50000'
  PARQUET_ENCODER: 'arrow'
  PARQUET_COMPRESSION: 'ZSTD'
  STORAGE_READER: 'fast'
  DATA_CONTAINER: 'makoto-messages'
  ANALYTICS_CONTAINER: ''
  YOUTUBE_SCHEDULE: '0 0 15 * * *'
  YOUTUBE_CHANNEL_IDS: ''
  YOUTUBE_DAILY_QUOTA: '10000'
  YOUTUBE_API_URL: ''
  YOUTUBE_TENANT_CONCURRENCY: '2'
  YOUTUBE_CSV_ROWS: '100000'
  YOUTUBE_RETENTION_DAYS: '30'
  DB_SSL: ''
  DB_POOL_MAX: '2'
  OTEL_EXPORTER_OTLP_ENDPOINT: ''
  TELEMETRY_CONSOLE: 'off'
  TELEMETRY_SAMPLING: '1'
  LOG_LEVEL: 'info'
}
