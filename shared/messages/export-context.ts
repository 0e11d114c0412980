import type { BusinessDay } from '../calendar';
import type { Compression, EncoderName } from '../parquet/compression';
import type { ParquetEncoder } from '../parquet/encoder';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { MetadataStore } from '../ports/metadata-store';
import type { ObjectStore } from '../ports/object-store';

/** Where row groups and parts end: by rows, or by what rows take in memory, in bytes. Other limits give other files. */
export interface PartLimits {
  readonly rowGroupRows?: number;
  readonly rowGroupBytes?: number;
  readonly partBytes?: number;
}

/** How the export works, apart from what it works on. */
export interface ExportOptions {
  readonly encoder: EncoderName;
  /** What encodes in place of the usual encoder of that name, and gives the same bytes. */
  readonly parquetEncoder?: ParquetEncoder;
  readonly compression: Compression;
  /** GETs in flight within one shard. */
  readonly readConcurrency: number;
  /** Whether this thread has no time for more reads under way; never, if not given. */
  readonly isSaturated?: (() => boolean) | undefined;
  /** Messages that a shard aims at. */
  readonly shardMessages: number;
  /** The share of the users whose skipped prefixes a plan walks all the same, 0 to 1. */
  readonly auditShare: number;
  /** Other ends of row groups and parts than the usual ones. */
  readonly partLimits?: PartLimits;
  /** A local folder for files on their way to the store. */
  readonly temporaryFolder: string;
}

/** Everything a stage of the export works with, for one tenant and one business day. */
export interface ExportContext {
  readonly tenant: string;
  readonly day: BusinessDay;
  /** Where the chat product's messages are. */
  readonly data: ObjectStore;
  /** Where the output goes; may be the same container. */
  readonly analytics: ObjectStore;
  readonly metadata: MetadataStore;
  readonly options: ExportOptions;
  readonly clock: Clock;
  readonly log: Log;
}
