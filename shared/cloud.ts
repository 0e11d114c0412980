import type { Clock } from './ports/clock';
import type { Log } from './ports/log';
import type { MetadataStore } from './ports/metadata-store';
import type { ObjectStore } from './ports/object-store';
import type { SecretSource } from './ports/secret-source';
import type { Settings } from './settings';

/** What a cloud's adapters work with. */
export interface CloudTools {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** The adapters of one cloud, bare: each call is one try. Nothing is sent before one is made. */
export interface Cloud {
  /** A container of blobs, or a bucket. */
  container(name: string): ObjectStore;
  readonly metadata: MetadataStore;
  /** Where a secret is looked up that the settings do not give; made when the first is needed. Has retries of its own. */
  secrets(): SecretSource | undefined;
  /** What the database takes for a password where no secret is one; undefined where the cloud gives nothing of the kind. */
  readonly databaseToken: (() => Promise<string>) | undefined;
  dispose(): Promise<void>;
}

export type OpenCloud = (tools: CloudTools) => Cloud;
