import { z } from 'zod';
import { SettingsError } from './errors';
import { Masker } from './logging/masking';
import { SUPPORTED_COMPRESSIONS } from './parquet/compression';
import type { Secret } from './secret';
import { descriptions, fields, type SettingDescription, type SettingName } from './settings/definitions';
import { isThisMachine } from './settings/readers';
import { cloudProblems } from './settings/to-cloud';
import { toSettings, toTelemetry } from './settings/to-settings';
import type { AzureSettings, Settings, TelemetrySettings } from './settings/types';

export type {
  AwsSettings,
  AzureSettings,
  CloudSettings,
  DatabaseSettings,
  Settings,
  StorageSettings,
  TelemetrySettings,
  YoutubeSettings,
} from './settings/types';

/** One row of the settings' documentation. */
export interface SettingRow extends SettingDescription {
  readonly name: SettingName;
  readonly secret: boolean;
}

const values = z.object(fields);
const names: readonly SettingName[] = values.keyof().options;

/** Every setting in the order in which problems are told, for the documentation and whoever checks it. */
export const settingsTable: readonly SettingRow[] = names.map((name) => {
  const description = descriptions.get(fields[name]);
  if (description === undefined) throw new Error(`The setting ${name} has no description.`);
  return { name, secret: false, ...description };
});

const schema = values
  .superRefine(
    (given, context) => {
      const add = (path: SettingName, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      for (const [name, problem] of cloudProblems(given)) add(name, problem);
      if (given.DB_SSL === 'disable' && given.DB_HOST !== undefined && !isThisMachine(given.DB_HOST)) {
        add('DB_SSL', 'expected require or no-verify: only a server on this machine may be reached without TLS');
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

const telemetrySchema = values
  .pick({
    APPLICATIONINSIGHTS_CONNECTION_STRING: true,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: true,
    OTEL_EXPORTER_OTLP_ENDPOINT: true,
    OTEL_EXPORTER_OTLP_HEADERS: true,
    TELEMETRY_CONSOLE: true,
    TELEMETRY_SAMPLING: true,
  })
  .transform(toTelemetry);

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings that the environment gives. A name that is unset, empty or blank counts as not given.
 *
 * @throws SettingsError with a line for every wrong setting; no line holds a secret
 */
export function loadSettings(env: Environment): Settings {
  return readSettings(schema, env);
}

/** The settings of telemetry alone, for a process that reads no other ones. @throws SettingsError as above */
export function loadTelemetrySettings(env: Environment): TelemetrySettings {
  return readSettings(telemetrySchema, env);
}

function readSettings<T>(read: z.ZodType<T>, env: Environment): T {
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = env[name]?.trim();
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const result = read.safeParse(given);
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
export function secretsOf(settings: Pick<Settings, 'cloud' | 'youtube' | 'database' | 'telemetry'>): readonly Secret[] {
  const { cloud, youtube, database, telemetry } = settings;
  const all = [
    ...(cloud.kind === 'azure' ? azureSecretsOf(cloud) : []),
    youtube.apiKey,
    database?.password,
    ...telemetrySecretsOf(telemetry),
  ];
  return all.filter((secret) => secret !== undefined);
}

function azureSecretsOf({ storage, cosmos }: AzureSettings): readonly (Secret | undefined)[] {
  return ['connectionString' in storage ? storage.connectionString : undefined, cosmos.key];
}

export function telemetrySecretsOf({ applicationInsights, otlp }: TelemetrySettings): readonly Secret[] {
  const headers = otlp?.headers.map(({ value }) => value) ?? [];
  return applicationInsights === undefined ? headers : [applicationInsights.connectionString, ...headers];
}
