import { z } from 'zod';
import { SettingsError } from './errors';
import { Masker } from './logging/masking';
import { type Compression, type EncoderName, SUPPORTED_COMPRESSIONS } from './parquet/compression';
import type { Secret } from './secret';
import { descriptions, fields, type SettingDescription, type SettingName } from './settings/definitions';

/** How the storage account is reached. */
export type StorageSettings = { readonly connectionString: Secret } | { readonly accountUrl: string };

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
  /** NCRONTAB in UTC, spelled with numbers and single spaces. */
  readonly exportSchedule: string;
  readonly tenantConcurrency: number;
  readonly readConcurrency: number;
  readonly shardRooms: number;
  readonly parquet: { readonly encoder: EncoderName; readonly compression: Compression };
  readonly storage: StorageSettings;
  /** May hold `{tenant}`: see containerFor. */
  readonly dataContainer: string;
  readonly analyticsContainer: string;
  readonly cosmos: {
    readonly endpoint: string;
    /** Without it, `DefaultAzureCredential`. */
    readonly key?: Secret;
    readonly databaseName: string;
    readonly containerName: string;
  };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** One row of the settings' documentation. */
export interface SettingRow extends SettingDescription {
  readonly name: SettingName;
  readonly secret: boolean;
  readonly required: boolean;
}

const values = z.object(fields);
const names: readonly SettingName[] = values.keyof().options;

/** Every setting in the order in which problems are told, for the documentation and whoever checks it. */
export const settingsTable: readonly SettingRow[] = names.map((name) => {
  const description = descriptions.get(fields[name]);
  if (description === undefined) throw new Error(`The setting ${name} has no description.`);
  return { name, secret: false, required: false, ...description };
});

const schema = values
  .superRefine(
    (given, context) => {
      const add = (path: SettingName, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      const { AZURE_STORAGE_CONNECTION_STRING: connectionString, AZURE_STORAGE_ACCOUNT_URL: accountUrl } = given;
      if (connectionString === undefined && accountUrl === undefined) {
        add('AZURE_STORAGE_CONNECTION_STRING', 'is required, or AZURE_STORAGE_ACCOUNT_URL in its place');
      }
      if (connectionString !== undefined && accountUrl !== undefined) {
        add('AZURE_STORAGE_ACCOUNT_URL', 'expected only one of this and AZURE_STORAGE_CONNECTION_STRING, got both');
      }
      const { PARQUET_ENCODER: encoder, PARQUET_COMPRESSION: compression } = given;
      const supported = encoder === undefined ? undefined : SUPPORTED_COMPRESSIONS[encoder];
      if (supported !== undefined && compression !== undefined && !supported.includes(compression)) {
        add('PARQUET_COMPRESSION', `${encoder} cannot write ${compression}: set PARQUET_COMPRESSION=${supported[0]}`);
      }
    },
    // Also where a single setting was wrong, so that every problem is told at once.
    { when: () => true },
  )
  .transform(toSettings);

/**
 * The settings that the environment gives. A name that is unset, empty or blank counts as not given.
 *
 * @throws SettingsError with a line for every wrong setting; no line holds a secret
 */
export function loadSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;

  const secrets = settingsTable.flatMap(({ name, secret }) =>
    secret && given[name] !== undefined ? [given[name]] : [],
  );
  const masker = new Masker(secrets);
  const order: readonly string[] = names;
  const problems = result.error.issues
    .map(({ path, message }) => ({ name: String(path[0]), message }))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    .map(({ name, message }) => masker.maskText(`${name}: ${message}`));
  throw new SettingsError(problems);
}

/** The secrets among the settings, for the masker of the log. */
export function secretsOf(settings: Pick<Settings, 'storage' | 'cosmos'>): readonly Secret[] {
  const { storage, cosmos } = settings;
  return [...('connectionString' in storage ? [storage.connectionString] : []), ...(cosmos.key ? [cosmos.key] : [])];
}

function toSettings(given: z.output<typeof values>): Settings {
  const key = given.COSMOS_KEY;
  return {
    tenants: given.TENANT_ID,
    targetDateOffset: given.TARGET_DATE_OFFSET,
    businessTimeZone: given.BUSINESS_TIME_ZONE,
    planAuditShare: given.PLAN_AUDIT_SHARE,
    exportSchedule: given.EXPORT_SCHEDULE,
    tenantConcurrency: given.EXPORT_TENANT_CONCURRENCY,
    readConcurrency: given.EXPORT_READ_CONCURRENCY,
    shardRooms: given.EXPORT_SHARD_ROOMS,
    parquet: { encoder: given.PARQUET_ENCODER, compression: given.PARQUET_COMPRESSION },
    storage: toStorage(given.AZURE_STORAGE_CONNECTION_STRING, given.AZURE_STORAGE_ACCOUNT_URL),
    dataContainer: given.DATA_CONTAINER,
    analyticsContainer: given.ANALYTICS_CONTAINER ?? given.DATA_CONTAINER,
    cosmos: {
      endpoint: given.COSMOS_ENDPOINT,
      ...(key === undefined ? {} : { key }),
      databaseName: given.COSMOS_DATABASE_NAME,
      containerName: given.COSMOS_CONTAINER_NAME,
    },
    logLevel: given.LOG_LEVEL,
  };
}

function toStorage(connectionString: Secret | undefined, accountUrl: string | undefined): StorageSettings {
  if (connectionString !== undefined) return { connectionString };
  if (accountUrl !== undefined) return { accountUrl };
  throw new SettingsError(['AZURE_STORAGE_CONNECTION_STRING: is required, or AZURE_STORAGE_ACCOUNT_URL in its place']);
}
