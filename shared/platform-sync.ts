import type { Cloud } from './cloud';
import { SettingsError } from './errors';
import { keyIdOf } from './google/api-key';
import { createYoutubeApi } from './google/youtube-data-api';
import type { CatalogueDatabase } from './ports/catalogue-database';
import type { Log } from './ports/log';
import type { SecretSource } from './ports/secret-source';
import type { Telemetry } from './ports/telemetry';
import { createCatalogueDatabase } from './postgres/catalogue-database';
import { RetryingCatalogueDatabase, type RetryingCatalogueOptions } from './retry/retrying-catalogue-database';
import type { Secret } from './secret';
import { announcedSecrets } from './secrets/announced-secrets';
import { firstOf } from './secrets/first-of';
import { neededSecret } from './secrets/needed-secret';
import { settingsSecrets } from './secrets/settings-secrets';
import type { Settings } from './settings';
import { observedCatalogueDatabase } from './telemetry/observed-catalogue-database';
import { observedYoutubeApi } from './telemetry/observed-youtube-api';
import type { YoutubeAccess } from './youtube/sync-context';

export interface SyncPlatformOptions {
  readonly settings: Settings;
  readonly cloud: Cloud;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly retry: RetryingCatalogueOptions;
  /** Is told every secret before it is used, so that the log can mask it. */
  readonly onSecret: (secret: Secret) => void;
}

export interface SyncPlatform {
  youtube(): Promise<YoutubeAccess>;
  catalogue(): CatalogueDatabase;
  dispose(): Promise<void>;
}

/** What only the YouTube sync runs on. Nothing is made before it is asked for. */
export function createSyncPlatform(options: SyncPlatformOptions): SyncPlatform {
  const { settings } = options;
  const secrets = secretSource(options);
  let access: { readonly key: string; readonly access: YoutubeAccess } | undefined;
  let database: CatalogueDatabase | undefined;
  return {
    youtube: async () => {
      const key = await neededSecret(secrets, 'YOUTUBE_API_KEY');
      // A key that is rotated in the vault is taken up without a restart.
      if (access?.key !== key.reveal()) {
        const bare = createYoutubeApi({ apiKey: key, rootUrl: settings.youtube.apiUrl });
        const api = observedYoutubeApi(bare, options.telemetry);
        access = { key: key.reveal(), access: { api, keyId: keyIdOf(key) } };
      }
      return access.access;
    },
    catalogue: () => {
      database ??= createDatabase(options, secrets);
      return database;
    },
    dispose: async () => database?.close(),
  };
}

function secretSource(options: SyncPlatformOptions): SecretSource {
  const { settings, cloud, onSecret } = options;
  const given = settingsSecrets({ YOUTUBE_API_KEY: settings.youtube.apiKey, DB_PASSWORD: settings.database?.password });
  return announcedSecrets(firstOf([given, cloud.secrets()].filter((source) => source !== undefined)), onSecret);
}

function createDatabase(options: SyncPlatformOptions, secrets: SecretSource): CatalogueDatabase {
  const { settings, cloud, log, telemetry, retry } = options;
  if (settings.database === undefined) throw new SettingsError(['DB_HOST: is required for the YouTube sync']);
  const { host, port, name, username, ssl, poolMax } = settings.database;
  const password = async (asked: { readonly fresh: boolean }) => {
    const secret = await secrets.get('DB_PASSWORD', asked);
    if (secret !== undefined) return secret.reveal();
    if (cloud.databaseToken !== undefined) return cloud.databaseToken();
    throw new SettingsError(['DB_PASSWORD: is required, or DB_SECRET_NAME in its place']);
  };
  const database = createCatalogueDatabase({ host, port, database: name, user: username, password, ssl, poolMax, log });
  return observedCatalogueDatabase(new RetryingCatalogueDatabase(database, retry), telemetry);
}
