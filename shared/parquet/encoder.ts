import type { ColumnBatch } from './column-batch';
import type { Compression, EncoderName } from './compression';
import type { DatasetSchema } from './schema';

/** Takes a file's bytes, in order, one chunk after the other. The chunk stays as it is after the call. */
export type ByteSink = (chunk: Uint8Array) => Promise<void>;

export interface EncodeOptions {
  readonly compression: Compression;
  readonly sink: ByteSink;
}

/**
 * One Parquet file in the making. The same batches give the same bytes, on every machine. A method is called only when
 * the one before has settled; after a failure only `abort` may follow.
 */
export interface ParquetFileWriter {
  /**
   * Writes the batch as one row group, which nothing but a batch all of nulls may share. A batch without rows writes nothing.
   * The batch is the writer's from now on, which may take its buffers away. Resolves when the next one may come; what the sink has
   * got by then may lack some kilobytes, or all of this batch, but nothing of the one before.
   */
  write(batch: ColumnBatch): Promise<void>;
  /** Writes the footer and resolves when the sink has taken every byte. Without any row the file has no row group. */
  close(): Promise<void>;
  /** Frees what the file holds and hands the sink nothing more. Never throws, and may be called at any time. */
  abort(): Promise<void>;
}

/** A way to write Parquet. Whatever the encoder, the same rows read back the same, with the same types. */
export interface ParquetEncoder {
  readonly name: EncoderName;
  readonly supportedCompressions: readonly Compression[];
  /** @throws ParquetError `compression_unsupported`, of kind `configuration` */
  open(schema: DatasetSchema, options: EncodeOptions): Promise<ParquetFileWriter>;
}
