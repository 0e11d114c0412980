import type { TokenCredential } from '@azure/identity';
import { createKeyVaultSecrets } from './azure/key-vault-secrets';
import { SettingsError } from './errors';
import { keyIdOf } from './google/api-key';
import { createYoutubeApi } from './google/youtube-data-api';
import type { CatalogueDatabase } from './ports/catalogue-database';
import type { Clock } from './ports/clock';
import type { Log } from './ports/log';
import type { SecretSource } from './ports/secret-source';
import type { Telemetry } from './ports/telemetry';
import { createCatalogueDatabase } from './postgres/catalogue-database';
import type { Retry } from './retry/retry';
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

/** What Azure Database for PostgreSQL takes for a password (learn.microsoft.com, "Microsoft Entra authentication" of flexible server). */
const DATABASE_SCOPE = 'https://ossrdbms-aad.database.windows.net/.default';

export interface SyncPlatformOptions {
  readonly settings: Settings;
  readonly identity: () => TokenCredential;
  readonly clock: Clock;
  readonly random: () => number;
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
  const { settings, onSecret } = options;
  const given = settingsSecrets({ YOUTUBE_API_KEY: settings.youtube.apiKey, DB_PASSWORD: settings.database?.password });
  return announcedSecrets(firstOf([given, ...vaultOf(options)]), onSecret);
}

function vaultOf({ settings, identity, clock, random, log }: SyncPlatformOptions): SecretSource[] {
  const { keyVaultUrl: vaultUrl } = settings;
  if (vaultUrl === undefined) return [];
  const onRetry = ({ error, tries, waitMs }: Retry) =>
    log.warn('A call is tried again.', { store: vaultUrl, error_code: error.code, tries, wait_ms: waitMs });
  return [createKeyVaultSecrets({ vaultUrl, credential: identity(), clock, random, onRetry })];
}

function createDatabase(options: SyncPlatformOptions, secrets: SecretSource): CatalogueDatabase {
  const { settings, identity, log, telemetry, retry } = options;
  if (settings.database === undefined) throw new SettingsError(['DB_HOST: is required for the YouTube sync']);
  const { host, port, name, username, ssl, poolMax } = settings.database;
  const password = async (asked: { readonly fresh: boolean }) => {
    const secret = await secrets.get('DB_PASSWORD', asked);
    if (secret !== undefined) return secret.reveal();
    const token = await identity().getToken(DATABASE_SCOPE);
    return token?.token ?? '';
  };
  const database = createCatalogueDatabase({ host, port, database: name, user: username, password, ssl, poolMax, log });
  return observedCatalogueDatabase(new RetryingCatalogueDatabase(database, retry), telemetry);
}
