import { isArrayBuffer } from 'node:util/types';
import type { ColumnBatch } from './column-batch';
import { SUPPORTED_COMPRESSIONS } from './compression';
import type { ByteSink, EncodeOptions, ParquetEncoder, ParquetFileWriter } from './encoder';
import { assertCompression } from './encoding';
import { EncodingCalls } from './encoding-calls';
import type { StartEncodingThread } from './encoding-link';
import type { EncodingTask } from './encoding-messages';
import type { DatasetSchema } from './schema';

/**
 * The encoder `arrow` in a thread of its own, so that whoever reads need not stand still while it encodes. All files share the one thread,
 * which is started with the first file, and anew with the first after it was lost. The same batches give the same bytes as in one thread.
 */
export class ThreadedEncoder implements ParquetEncoder {
  readonly name = 'arrow';
  readonly supportedCompressions = SUPPORTED_COMPRESSIONS.arrow;
  private thread: EncodingCalls | undefined;

  constructor(private readonly start: StartEncodingThread) {}

  /**
   * Does not wait for the thread, which may yet have to begin: rows can be gathered meanwhile.
   * @throws ParquetError `compression_unsupported`; the writer's `write` and `close` throw `encoding_thread_lost`
   */
  async open(schema: DatasetSchema, { compression, sink }: EncodeOptions): Promise<ParquetFileWriter> {
    assertCompression(this.name, compression);
    if (this.thread === undefined || this.thread.ended) this.thread = new EncodingCalls(this.start);
    return new ThreadedFileWriter(this.thread, schema, { compression, sink });
  }

  /** Ends the thread. Files under way fail. */
  async dispose(): Promise<void> {
    await this.thread?.end();
  }
}

/**
 * Memory: one batch is under way in the thread while the next is gathered; `write` waits until the one before it is encoded, and
 * the sink has taken its bytes.
 */
class ThreadedFileWriter implements ParquetFileWriter {
  private readonly file: number;
  private readonly sink: ByteSink;
  /** What the thread was given last: the file itself, then a batch. What it failed with, the next method throws. */
  private encoded: Promise<void>;
  /** The latest of the bytes; never rejects, as what the sink failed with is in `failure`. */
  private taken: Promise<void> = Promise.resolve();
  private failure: { readonly cause: unknown } | undefined;
  private aborting: Promise<void> | undefined;

  constructor(
    private readonly thread: EncodingCalls,
    schema: DatasetSchema,
    { compression, sink }: EncodeOptions,
  ) {
    this.sink = sink;
    this.file = thread.newFile((bytes) => {
      this.taken = this.taken.then(() => this.take(bytes));
    });
    this.encoded = this.give({ task: 'open', schema, compression });
  }

  async write(batch: ColumnBatch): Promise<void> {
    if (batch.rows === 0) return;
    await this.settled();
    if (this.aborting !== undefined) return;
    this.encoded = this.give({ task: 'write', batch }, buffersOf(batch));
  }

  async close(): Promise<void> {
    await this.settled();
    await this.thread.call(this.file, { task: 'close' });
    await this.settled();
    this.thread.forget(this.file);
  }

  async abort(): Promise<void> {
    this.aborting ??= this.end();
    await this.aborting;
  }

  private async end(): Promise<void> {
    this.thread.forget(this.file);
    // A thread that is gone holds nothing any more.
    await this.thread.call(this.file, { task: 'abort' }).catch(() => undefined);
    await this.taken;
  }

  /** Its failure does not count as unhandled while nobody awaits it. */
  private give(task: EncodingTask, transfer: readonly ArrayBuffer[] = []): Promise<void> {
    const given = this.thread.call(this.file, task, transfer);
    given.catch(() => undefined);
    return given;
  }

  private async settled(): Promise<void> {
    await this.encoded;
    await this.taken;
    if (this.failure !== undefined) throw this.failure.cause;
  }

  private async take(bytes: Uint8Array): Promise<void> {
    if (this.failure !== undefined || this.aborting !== undefined) return;
    await this.sink(bytes).catch((cause: unknown) => {
      this.failure = { cause };
    });
  }
}

/** The buffers behind a batch, each once. They may be longer than what the rows take of them: moving them costs nothing by length. */
function buffersOf({ columns }: ColumnBatch): ArrayBuffer[] {
  const buffers = new Set<ArrayBufferLike>();
  for (const column of columns) {
    buffers.add(column.values.buffer);
    if (column.kind === 'text') buffers.add(column.offsets.buffer);
    if (column.validity !== null) buffers.add(column.validity.buffer);
  }
  return [...buffers].filter((buffer) => isArrayBuffer(buffer));
}
