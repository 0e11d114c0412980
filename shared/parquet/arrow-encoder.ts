import {
  EnabledStatistics,
  type RecordBatch,
  Table,
  transformParquetStream,
  Compression as WasmCompression,
  type WriterProperties,
  WriterPropertiesBuilder,
} from 'parquet-wasm';
import { toIpcStream } from './arrow-batch';
import { type ColumnBatch, ColumnBatchBuilder } from './column-batch';
import { type Compression, SUPPORTED_COMPRESSIONS } from './compression';
import type { ByteSink, EncodeOptions, ParquetEncoder, ParquetFileWriter } from './encoder';
import { assertCompression, CREATED_BY } from './encoding';
import { RecordBatchFeed } from './record-batch-feed';
import type { DatasetSchema } from './schema';

const WASM_COMPRESSION: Readonly<Record<Compression, WasmCompression>> = {
  ZSTD: WasmCompression.ZSTD,
  SNAPPY: WasmCompression.SNAPPY,
};

/** apache-arrow's columns, written by arrow-rs (parquet-wasm). */
export class ArrowEncoder implements ParquetEncoder {
  readonly name = 'arrow';
  readonly supportedCompressions = SUPPORTED_COMPRESSIONS.arrow;

  async open(schema: DatasetSchema, { compression, sink }: EncodeOptions): Promise<ParquetFileWriter> {
    assertCompression(this.name, compression);
    return new ArrowFileWriter(schema, compression, sink);
  }
}

function writerProperties(schema: DatasetSchema, compression: Compression): WriterProperties {
  const start = new WriterPropertiesBuilder()
    .setCompression(WASM_COMPRESSION[compression])
    .setStatisticsEnabled(EnabledStatistics.Chunk)
    .setCreatedBy(CREATED_BY)
    // Every batch is over this limit by itself, and so becomes a row group of its own. Only one of nothing but nulls counts
    // as no byte, and shares its row group with the next.
    .setMaxRowGroupBytes(1);
  return schema.columns
    .reduce((builder, { name, unique = false }) => builder.setColumnDictionaryEnabled(name, !unique), start)
    .build();
}

/** The batch in the memory of the WebAssembly module; its reader frees it. */
function toWasm(batch: ColumnBatch): RecordBatch {
  const table = Table.fromIPCStream(toIpcStream(batch));
  try {
    const recordBatch = table.recordBatch(0);
    if (recordBatch === undefined) {
      throw new Error(`A batch of ${batch.rows} rows of '${batch.schema.name}' came out of its IPC stream as none.`);
    }
    return recordBatch;
  } finally {
    table.free();
  }
}

/**
 * Memory: a batch stands three times for a moment (its own buffers, its IPC bytes, their copy in WebAssembly memory), then
 * only as one encoded row group, which the sink takes before `write` asks for the next. WebAssembly memory never shrinks, but is
 * reused: it stays at the largest row group's needs, however many files are written.
 */
class ArrowFileWriter implements ParquetFileWriter {
  private readonly feed = new RecordBatchFeed();
  private output: Promise<void> | undefined;
  private failure: { readonly cause: unknown } | undefined;
  private aborted = false;

  constructor(
    private readonly schema: DatasetSchema,
    private readonly compression: Compression,
    private readonly sink: ByteSink,
  ) {}

  async write(batch: ColumnBatch): Promise<void> {
    if (batch.rows > 0) {
      await this.encode(batch);
    }
  }

  async close(): Promise<void> {
    if (this.output === undefined) {
      // The file's schema is that of its first batch, so there must be one; without rows it makes no row group.
      await this.encode(new ColumnBatchBuilder(this.schema).take());
    }
    this.feed.end();
    await this.output;
    this.assertNoFailure();
  }

  async abort(): Promise<void> {
    if (this.output !== undefined && !this.aborted) {
      this.aborted = true;
      this.feed.end();
      await this.output.catch(() => undefined);
    }
  }

  private async encode(batch: ColumnBatch): Promise<void> {
    const recordBatch = toWasm(batch);
    this.output ??= this.start();
    await Promise.race([this.feed.feed(recordBatch), this.output]);
    this.assertNoFailure();
  }

  private start(): Promise<void> {
    const properties = writerProperties(this.schema, this.compression);
    const output = transformParquetStream(this.feed.stream, properties).then((chunks) => this.drain(chunks));
    // Whoever awaits `output` handles its failure; until then it must not count as unhandled.
    output.catch(() => undefined);
    return output;
  }

  /** Reads to the end in any case: only a stream read to its end lets the module free what it holds for the file. */
  private async drain(chunks: ReadableStream<Uint8Array>): Promise<void> {
    for await (const chunk of chunks) {
      if (!this.aborted && this.failure === undefined) {
        await this.sink(chunk).catch((cause: unknown) => {
          this.failure = { cause };
        });
      }
    }
  }

  private assertNoFailure(): void {
    if (this.failure !== undefined) {
      throw this.failure.cause;
    }
  }
}
