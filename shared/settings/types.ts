import type { Compression, EncoderName } from '../parquet/compression';
import type { ChannelName } from '../ports/youtube-api';
import type { Secret } from '../secret';

/** The cloud that messages and metadata are in. */
export type CloudSettings = AzureSettings | AwsSettings;

export interface AzureSettings {
  readonly kind: 'azure';
  readonly storage: StorageSettings;
  readonly cosmos: {
    readonly endpoint: string;
    /** Without it, `DefaultAzureCredential`. */
    readonly key?: Secret;
    readonly databaseName: string;
    readonly containerName: string;
  };
  readonly keyVaultUrl?: string;
}

/** Credentials are those that the AWS SDK finds by itself. */
export interface AwsSettings {
  readonly kind: 'aws';
  readonly region: string;
  /** The DynamoDB table of the metadata. */
  readonly table: string;
  /** The names of secrets in Secrets Manager. */
  readonly databaseSecret?: string;
  readonly youtubeSecret?: string;
  /** Addresses of stand-ins, where services are not AWS's own. */
  readonly endpoints: { readonly s3?: string; readonly dynamodb?: string; readonly secretsManager?: string };
}

/** How the storage account is reached. */
export type StorageSettings = { readonly connectionString: Secret } | { readonly accountUrl: string };

/** How the relational database is reached. */
export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly username: string;
  /** Without it: from the cloud's secrets, else, on Azure, an access token of the identity. */
  readonly password?: Secret;
  readonly ssl: 'require' | 'no-verify' | 'disable';
  readonly poolMax: number;
}

export interface YoutubeSettings {
  /** NCRONTAB, as `exportSchedule`. */
  readonly schedule: string;
  /** Those of every tenant that has none of its own. */
  readonly channels: readonly ChannelName[];
  /** Without it: from the cloud's secrets. */
  readonly apiKey?: Secret;
  /** Units per Pacific day. */
  readonly dailyQuota: number;
  /** Without it: Google's. */
  readonly apiUrl?: string;
  readonly tenantConcurrency: number;
  readonly csvRows: number;
  /** How long data is kept without being refreshed; 0: for good. */
  readonly retentionDays: number;
}

/** Where telemetry goes; nowhere, where nothing is set. */
export interface TelemetrySettings {
  readonly applicationInsights?: {
    readonly connectionString: Secret;
    /** Telemetry is sent as an Azure identity. */
    readonly identity?: ApplicationInsightsIdentity;
  };
  /** An OTLP/HTTP endpoint, without the signals' paths, and the headers that it asks for. */
  readonly otlp?: { readonly endpoint: string; readonly headers: readonly OtlpHeader[] };
  /** Whether it also goes to the log's own stream, as lines of JSON. */
  readonly console: boolean;
  /** The share of successful spans that are kept, 0 to 1. */
  readonly sampling: number;
}

export interface ApplicationInsightsIdentity {
  /** Of a user-assigned identity. */
  readonly clientId?: string;
}

export interface OtlpHeader {
  readonly name: string;
  readonly value: Secret;
}

/** Everything a run is set by, read once at the edge. Prints and serializes without its secrets. */
export interface Settings {
  /** Tenant ids as they were listed, still unjudged; `*` is every tenant of the registry. */
  readonly tenants: '*' | readonly string[];
  /** Business days from today, -3650 to 0. */
  readonly targetDateOffset: number;
  /** The IANA name of the zone of every tenant that names none. */
  readonly businessTimeZone: string;
  /** 0 to 1. */
  readonly planAuditShare: number;
  /** Days before the exported one that a scheduled run makes up for, and those that it lists again for late messages. */
  readonly catchUpDays: number;
  readonly lateWindowDays: number;
  /** NCRONTAB in UTC, spelled with numbers and single spaces. */
  readonly exportSchedule: string;
  readonly tenantConcurrency: number;
  readonly readConcurrency: number;
  readonly shardMessages: number;
  readonly parquet: { readonly encoder: EncoderName; readonly compression: Compression };
  readonly cloud: CloudSettings;
  readonly storageReader: 'fast' | 'sdk';
  /** A blob container or a bucket. May hold `{tenant}`: see containerFor. */
  readonly dataContainer: string;
  readonly analyticsContainer: string;
  readonly youtube: YoutubeSettings;
  /** Without it there is no YouTube sync. */
  readonly database?: DatabaseSettings;
  readonly telemetry: TelemetrySettings;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}
