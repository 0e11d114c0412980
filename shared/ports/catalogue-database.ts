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

export interface CatalogueChannel {
  readonly id: string;
  readonly handle: string | null;
  /** Videos that are not removed. */
  readonly videos: number;
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

  /** The tenant's channels with the number of their videos; none where the tables are not there yet. */
  channels(tenant: string): Promise<readonly CatalogueChannel[]>;

  /** Ids of the channel's videos that are not marked as removed. */
  knownVideos(tenant: string, channelId: string): Promise<readonly string[]>;

  /** Ids that the tenant's `premiere_videos` lists. */
  premieres(tenant: string): Promise<ReadonlySet<string>>;

  load(load: CatalogueLoad): Promise<LoadFigures>;

  /** Ends all connections. */
  close(): Promise<void>;
}
