/** Encodes all messages into a file that is not there yet. */
export type Encode = (path: string) => Promise<void>;

/** The contenders that are programs of Node. */
export const NODE_CONTENDERS = [
  'ours',
  'ours, 1 thread',
  'ours, SNAPPY',
  'parquetjs-lite',
  'hyparquet-writer',
  'hyparquet-writer, ZSTD',
  'DuckDB, 1 thread',
  'DuckDB',
] as const;

export type NodeContender = (typeof NODE_CONTENDERS)[number];

export interface EncodeJob {
  readonly contender: NodeContender;
  /** With the messages' files; the contender's own file goes there too. */
  readonly folder: string;
  /** Of the file that is measured. */
  readonly path: string;
}

/** What one encoding took. */
export interface Encoded {
  readonly ms: number;
  /** User and system time of the process. */
  readonly cpuMs: number;
}
