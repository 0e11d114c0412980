import type { ParquetEncoder } from '../parquet/encoder';
import type { CatalogueDatabase } from '../ports/catalogue-database';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { MetadataStore } from '../ports/metadata-store';
import type { ObjectStore } from '../ports/object-store';
import type { Telemetry } from '../ports/telemetry';
import type { Settings } from '../settings';
import type { YoutubeAccess } from '../youtube/sync-context';

/** What the batch runs on: its settings, and the ports with their adapters behind them. */
export interface BatchPlatform {
  readonly settings: Settings;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly metadata: MetadataStore;
  /** The container with a tenant's messages. @throws TenantError where the tenant's name makes no container name */
  dataStore(tenant: string): ObjectStore;
  /** The container with a tenant's output. @throws TenantError as above */
  analyticsStore(tenant: string): ObjectStore;
  /** The YouTube Data API with the key of the settings or of the key vault. @throws SettingsError, SecretError */
  youtube(): Promise<YoutubeAccess>;
  /** The database of the catalogue. @throws SettingsError where the settings name none */
  catalogue(): CatalogueDatabase;
  /** Whether this thread has no time for more at once; never, if not given. */
  readonly isSaturated?: () => boolean;
  /** From 0 to below 1, for the jitter of waits. */
  readonly random: () => number;
  /** What encodes in place of the usual encoder of the name that the settings have, and gives the same bytes. */
  readonly parquetEncoder?: ParquetEncoder;
  /** A local folder for files on their way to a store. */
  readonly temporaryFolder: string;
}
