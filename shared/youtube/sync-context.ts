import type { CatalogueDatabase } from '../ports/catalogue-database';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { MetadataStore } from '../ports/metadata-store';
import type { ObjectStore } from '../ports/object-store';
import type { YoutubeApi } from '../ports/youtube-api';

/** The API with what its quota is counted by. */
export interface YoutubeAccess {
  readonly api: YoutubeApi;
  /** Tells API keys apart without giving anything of them away. */
  readonly keyId: string;
}

/** What the stages of a tenant's sync work with. */
export interface SyncContext {
  readonly tenant: string;
  /** The business date of the run's start, in the tenant's zone. */
  readonly date: string;
  /** The run's name, see sync-run.ts. */
  readonly run: string;
  /** The tenant's container for output. */
  readonly output: ObjectStore;
  readonly metadata: MetadataStore;
  readonly database: CatalogueDatabase;
  /** @throws SecretError, SettingsError where there is no key */
  youtube(): Promise<YoutubeAccess>;
  readonly options: {
    /** Units that a key has per Pacific day. */
    readonly dailyQuota: number;
    /** Rows of one CSV file, without its header. */
    readonly csvRows: number;
    readonly temporaryFolder: string;
  };
  readonly clock: Clock;
  /** From 0 to below 1, for the jitter of waits. */
  readonly random: () => number;
  readonly log: Log;
}
