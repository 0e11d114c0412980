import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ColumnBatchBuilder } from './column-batch';
import type { Compression, EncoderName } from './compression';
import type { ParquetEncoder, ParquetFileWriter } from './encoder';
import { createEncoder } from './encoders';
import { checkPart } from './part-check';
import { PartFile } from './part-file';
import { assertSchema, type ColumnValue, type DatasetSchema } from './schema';

export interface PartWriterOptions {
  readonly encoder: EncoderName | ParquetEncoder;
  readonly schema: DatasetSchema;
  readonly compression: Compression;
  /** An existing local folder; the file gets a name of its own in it. */
  readonly directory: string;
  /** A row group ends at this many rows, or where its values take this many bytes in memory, whichever comes first. */
  readonly rowGroupRows?: number;
  readonly rowGroupBytes?: number;
}

/** A finished Parquet file on the local disk; whoever has it removes it. */
export interface EncodedPart {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  readonly rowGroups: number;
}

const ROW_GROUP_ROWS = 20_000;
const ROW_GROUP_BYTES = 8 * 1024 * 1024;

/**
 * Writes the rows of one part to a local file.
 *
 * Memory: the rows of one row group, in buffers of up to twice `rowGroupBytes` and one row; while it is encoded the
 * encoder's copies of it, beside which a thread of its own lets the next one be gathered; never the file, however long. Where a row group ends depends on the rows alone, so that
 * the same rows give the same bytes.
 *
 * When a method throws, the file is gone and the writer of no more use.
 */
export class PartWriter {
  private readonly builder: ColumnBatchBuilder;
  private rows = 0;
  private bytes = 0;
  private state: 'open' | 'busy' | 'finished' | 'discarded' = 'open';

  private constructor(
    private readonly options: Required<PartWriterOptions>,
    private readonly file: PartFile,
    private readonly encoder: ParquetFileWriter,
  ) {
    this.builder = new ColumnBatchBuilder(options.schema);
  }

  /** @throws ParquetError `compression_unsupported`, `part_file_failed` */
  static async open(options: PartWriterOptions): Promise<PartWriter> {
    const { schema, compression, directory } = options;
    assertSchema(schema);
    const encoder = typeof options.encoder === 'string' ? createEncoder(options.encoder) : options.encoder;
    const file = await PartFile.create(join(directory, `${schema.name}-${randomUUID()}.parquet`));
    try {
      const writer = await encoder.open(schema, { compression, sink: (chunk) => file.append(chunk) });
      return new PartWriter(
        { rowGroupRows: ROW_GROUP_ROWS, rowGroupBytes: ROW_GROUP_BYTES, ...options, encoder },
        file,
        writer,
      );
    } catch (error) {
      await file.remove();
      throw error;
    }
  }

  /**
   * Adds one row, its values in the order of the columns. A promise is returned where a row group has to be written first;
   * the next call may only come when it has settled.
   * @throws ParquetError `column_value_invalid`: the row is not in the file and the writer can go on; `part_file_failed`
   */
  append(values: readonly ColumnValue[]): void | Promise<void> {
    this.assertOpen();
    this.builder.append(values);
    const { rowGroupRows, rowGroupBytes } = this.options;
    if (this.builder.rows >= rowGroupRows || this.builder.bytes >= rowGroupBytes) {
      return this.working(() => this.writeRowGroup(), 'open');
    }
  }

  /** What the rows of the row groups that have ended took in memory, in bytes; depends on nothing but the rows. */
  get writtenBytes(): number {
    return this.bytes;
  }

  /**
   * Writes what is left and the footer, and reads the footer back: parquet-wasm passes over a batch it could not write
   * without a word, so a file counts as written when it says itself how many rows it holds.
   * @throws ParquetError `part_file_failed`; ProofError `part_invalid`
   */
  async finish(): Promise<EncodedPart> {
    this.assertOpen();
    return await this.working(async () => {
      if (this.builder.rows > 0) {
        await this.writeRowGroup();
      }
      await this.encoder.close();
      const { path, size: bytes } = this.file;
      const { metadata } = await checkPart(this.file, { schema: this.options.schema, rows: this.rows });
      const sha256 = await this.file.finish();
      return { path, rows: this.rows, bytes, sha256, rowGroups: metadata.row_groups.length };
    }, 'finished');
  }

  /** Removes the file, finished or not. May be called at any time, and more than once. */
  async discard(): Promise<void> {
    const finished = this.state === 'finished';
    this.state = 'discarded';
    if (!finished) {
      await this.encoder.abort();
    }
    await this.file.remove();
  }

  private async writeRowGroup(): Promise<void> {
    const { bytes } = this.builder;
    const batch = this.builder.take();
    await this.encoder.write(batch);
    this.rows += batch.rows;
    this.bytes += bytes;
  }

  /** No other call may come before the work is done; when it fails, none after it either. */
  private async working<T>(work: () => Promise<T>, next: 'open' | 'finished'): Promise<T> {
    this.state = 'busy';
    let result: T;
    try {
      result = await work();
    } catch (error) {
      this.assertNotDiscarded(error);
      // What went wrong first is what the caller must hear of; a file that stays behind lies in a temporary folder.
      await this.discard().catch(() => undefined);
      throw error;
    }
    this.assertNotDiscarded();
    this.state = next;
    return result;
  }

  private assertOpen(): void {
    if (this.state !== 'open') {
      throw new Error(`The writer of a part of '${this.options.schema.name}' is ${this.state} and takes no call now.`);
    }
  }

  private assertNotDiscarded(cause?: unknown): void {
    if (this.state === 'discarded') {
      const message = `The part of '${this.options.schema.name}' was discarded while it was written.`;
      throw cause === undefined ? new Error(message) : new Error(message, { cause });
    }
  }
}
