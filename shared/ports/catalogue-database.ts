import type { Failure } from '../errors';

/** Local paths of a sync's CSV files, by what they hold; each list in the order of its numbers, and never empty. */
export interface CatalogueFiles {
  readonly channels: readonly string[];
  readonly channel_details: readonly string[];
  readonly videos: readonly string[];
  readonly stream_details: readonly string[];
  readonly video_statistics: readonly string[];
}

export type CatalogueDataset = keyof CatalogueFiles;

/** The columns of every dataset's files, in the order of the header. */
export const CATALOGUE_COLUMNS: Readonly<Record<CatalogueDataset, readonly string[]>> = {
  channels: ['id', 'title'],
  channel_details: ['channel_id', 'handle', 'description', 'subscriber_count', 'icon_url'],
  videos: [
    'id',
    'title',
    'description',
    'url',
    'thumbnail_url',
    'duration',
    'published_at',
    'channel_id',
    'video_type',
  ],
  stream_details: ['video_id', 'started_at'],
  video_statistics: ['video_id', 'view_count', 'like_count', 'comment_count'],
};

export const CATALOGUE_DATASETS = [
  'channels',
  'channel_details',
  'videos',
  'stream_details',
  'video_statistics',
] as const satisfies readonly CatalogueDataset[];

/** One sync of one tenant, as files; loading it is one transaction. */
export interface CatalogueLoad {
  readonly tenant: string;
  /** The business date that the statistics are of, as `yyyy-mm-dd`. */
  readonly date: string;
  readonly files: CatalogueFiles;
  /** Channels that were read whole: a video of theirs that the files do not have is gone. */
  readonly wholeChannels: readonly string[];
  /** Videos that are known to be gone, whether their channel was read whole or not. */
  readonly goneVideos: readonly string[];
}

export interface LoadFigures {
  /** Rows that were inserted, changed or deleted, in all tables; a row that says the same already is not written. */
  readonly rowsWritten: number;
  /** Videos that this load marked as removed. */
  readonly removed: number;
}

/** What of a tenant's catalogue is too old to be kept. */
export interface CataloguePruning {
  readonly tenant: string;
  /** Videos that were removed, or not read, for more days than these go. */
  readonly days: number;
  /** Statistics of earlier business dates go, and channels that were read last on one and have no video any more; as `yyyy-mm-dd`. */
  readonly oldest: string;
}

/** Rows that were deleted. */
export interface PrunedRows {
  readonly videos: number;
  readonly channels: number;
  /** Of videos that stay. */
  readonly statistics: number;
}

export interface CatalogueChannel {
  readonly id: string;
  readonly handle: string | null;
  /** Videos that are not removed. */
  readonly videos: number;
}

/** What a database is to this program, found out without changing it. */
export interface CatalogueState {
  /** `18.4` */
  readonly serverVersion: string;
  /** Migrations that have run, and those that this program has and the database has not; in order. */
  readonly applied: readonly string[];
  readonly missing: readonly string[];
  /** What keeps this program from using the database as it is, or from bringing it to its version. */
  readonly problem?: Failure;
}

/**
 * The relational database with the catalogue. Every method sees and changes one tenant's rows only; none of them leaves half of its work.
 *
 * Every method throws DatabaseError.
 */
export interface CatalogueDatabase {
  /** What this database is, for people: host and name, never a secret. */
  readonly name: string;

  /** Brings the tables to the version that this program knows. Does nothing where they are; safe beside another one that does the same. */
  prepare(): Promise<void>;

  /** Looks whether {@link prepare} would have something to do, and could do it. Changes nothing. */
  inspect(): Promise<CatalogueState>;

  /** The tenant's channels with the number of their videos; none where the tables are not there yet. */
  channels(tenant: string): Promise<readonly CatalogueChannel[]>;

  /** Ids of the channel's videos that are not marked as removed. */
  knownVideos(tenant: string, channelId: string): Promise<readonly string[]>;

  /** Ids that the tenant's `premiere_videos` lists. */
  premieres(tenant: string): Promise<ReadonlySet<string>>;

  load(load: CatalogueLoad): Promise<LoadFigures>;

  /** Deletes some of what is too old, as much as goes into a short transaction: all of it is gone when nothing was deleted any more. */
  prune(pruning: CataloguePruning): Promise<PrunedRows>;

  /** Ends all connections. */
  close(): Promise<void>;
}
