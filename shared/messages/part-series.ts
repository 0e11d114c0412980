import type { PartWriter } from '../parquet/part-writer';
import type { ColumnValue } from '../parquet/schema';
import type { PartRef } from './manifest';

export interface PartSeriesOptions {
  /** Opens the next part. */
  readonly open: () => Promise<PartWriter>;
  /** Finishes a part and brings it to the store; undefined where it has no rows. */
  readonly upload: (writer: PartWriter) => Promise<PartRef | undefined>;
  /** A part ends with the row group that brings its rows to this many bytes in memory; {@link PART_BYTES} if not given. */
  readonly partBytes?: number | undefined;
}

/** Of text, a file takes a third of what its rows take in memory, or less; of what cannot be compressed, as much. */
const PART_BYTES = 128 * 1024 * 1024;

/**
 * Rows that fill as many parts as they need, one after the other. A part that is full is uploaded while the next one is filled; only one
 * upload is under way at a time, so that there are never more than two parts on the local disk.
 *
 * Where a part ends depends on the rows alone, so that the same rows give the same parts. That is why it is counted what they take in
 * memory, and not what the file has grown to: how much of a row group is in the file when the next one begins depends on the disk.
 */
export class PartSeries {
  private readonly parts: PartRef[] = [];
  private readonly partBytes: number;
  /** The part before the one that is being filled, and its upload, which never rejects: what went wrong is in `failure`. */
  private full: PartWriter | undefined;
  private uploading: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;

  private constructor(
    private readonly options: PartSeriesOptions,
    private writer: PartWriter,
  ) {
    this.partBytes = options.partBytes ?? PART_BYTES;
  }

  /** @throws what `open` throws */
  static async open(options: PartSeriesOptions): Promise<PartSeries> {
    return new PartSeries(options, await options.open());
  }

  /**
   * Adds one row. A promise is returned where a row group has to be written first; the next call may only come when it has settled.
   * @throws as PartWriter's `append`, and at the first row after an upload has failed what it failed with
   */
  append(values: readonly ColumnValue[]): void | Promise<void> {
    this.assertNoFailure();
    const written = this.writer.append(values);
    return written === undefined ? undefined : this.rowGroupEnds(written);
  }

  /** Brings the last part to the store. @returns all of them, in the order of their rows */
  async finish(): Promise<readonly PartRef[]> {
    await this.beginUpload();
    await this.uploading;
    this.assertNoFailure();
    return this.parts;
  }

  /** Waits for the upload that is under way, and removes whatever lies on the local disk. May be called at any time. */
  async discard(): Promise<void> {
    await this.uploading;
    await this.full?.discard();
    await this.writer.discard();
  }

  private async rowGroupEnds(written: Promise<void>): Promise<void> {
    await written;
    if (this.writer.writtenBytes < this.partBytes) return;
    await this.beginUpload();
    this.writer = await this.options.open();
  }

  /** One upload at a time: a part that is full waits here for the one before it, and the rows wait for both. */
  private async beginUpload(): Promise<void> {
    await this.uploading;
    this.assertNoFailure();
    this.full = this.writer;
    this.uploading = this.upload(this.writer).catch((error: unknown) => {
      this.failure = { error };
    });
  }

  private async upload(writer: PartWriter): Promise<void> {
    const part = await this.options.upload(writer);
    if (part !== undefined) this.parts.push(part);
    await writer.discard();
  }

  private assertNoFailure(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }
}
