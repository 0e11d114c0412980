import { type EncodedPage, type FieldDefinition, ParquetEnvelopeWriter, ParquetSchema } from 'parquetjs-lite';
import { Statistics } from 'parquetjs-lite/gen-nodejs/parquet_types';
import type { ColumnBatch } from './column-batch';
import type { ColumnData } from './column-data';
import { SUPPORTED_COMPRESSIONS } from './compression';
import type { ByteSink, EncodeOptions, ParquetEncoder, ParquetFileWriter } from './encoder';
import { assertCompression } from './encoding';
import { encodeFooter } from './parquetjs-footer';
import { dataPages, type PlainValue, physicalType, plainBytes } from './parquetjs-page';
import { type DatasetSchema, PARQUET_TYPES } from './schema';

/**
 * parquetjs-lite, by its file envelope, codecs and Thrift types. Its row interface is passed by, because what it does to
 * rows is wrong or lossy here: bigints go through parseInt and lose digits beyond 2^53, dates and timestamps before 1970 are
 * refused, strings are ordered by UTF-16 units in statistics where the format orders bytes, and an all-null page gets a
 * column index that claims an empty minimum.
 */
export class ParquetJsEncoder implements ParquetEncoder {
  readonly name = 'parquetjs-lite';
  readonly supportedCompressions = SUPPORTED_COMPRESSIONS['parquetjs-lite'];

  async open(schema: DatasetSchema, { compression, sink }: EncodeOptions): Promise<ParquetFileWriter> {
    assertCompression(this.name, compression);
    return new ParquetJsFileWriter(schema, sink);
  }
}

function envelopeSchema(schema: DatasetSchema): ParquetSchema {
  const fields: Record<string, FieldDefinition> = {};
  for (const { name, type, nullable } of schema.columns) {
    fields[name] = {
      type: PARQUET_TYPES[type].physical,
      optional: nullable,
      compression: 'SNAPPY',
      statistics: false,
    };
  }
  return new ParquetSchema(fields);
}

/** The smallest and largest value; texts have none, since a text's would have to be cut short to stay small. */
class Range {
  private min: PlainValue | undefined;
  private max: PlainValue | undefined;

  include(values: readonly PlainValue[]): void {
    for (const value of values) {
      if (this.min === undefined || value < this.min) {
        this.min = value;
      }
      if (this.max === undefined || value > this.max) {
        this.max = value;
      }
    }
  }

  /** The format wants a zero minimum as -0 and a zero maximum as +0, because a reader may compare either way. */
  statistics(data: ColumnData): Statistics {
    const { nullCount: null_count } = data;
    if (this.min === undefined || this.max === undefined || data.kind === 'text') {
      return new Statistics({ null_count });
    }
    const type = physicalType(data);
    const isDouble = data.kind === 'double';
    const min_value = plainBytes(type, [isDouble && this.min === 0 ? -0 : this.min]);
    const max_value = plainBytes(type, [isDouble && this.max === 0 ? 0 : this.max]);
    return new Statistics({ null_count, min_value, max_value });
  }
}

interface Chunk {
  readonly pages: EncodedPage[];
  readonly uncompressedSize: number;
  readonly statistics: Statistics;
}

function encodeChunk(data: ColumnData, rows: number): Chunk {
  const range = new Range();
  const pages: EncodedPage[] = [];
  let uncompressedSize = 0;
  let firstRow = 0;
  for (const { page, rows: pageRows, uncompressedSize: size, values } of dataPages(data, rows)) {
    pages.push({ page, num_values: pageRows, first_row_index: firstRow });
    firstRow += pageRows;
    uncompressedSize += size;
    if (data.kind !== 'text') {
      range.include(values);
    }
  }
  return { pages, uncompressedSize, statistics: range.statistics(data) };
}

/** Memory: beside the batch, its encoded row group, which stands twice while its columns are put together. */
class ParquetJsFileWriter implements ParquetFileWriter {
  private readonly envelope: ParquetEnvelopeWriter;
  private begun = false;
  private aborted = false;

  constructor(
    private readonly schema: DatasetSchema,
    private readonly sink: ByteSink,
  ) {
    const write = (bytes: Buffer) => (this.aborted ? Promise.resolve() : this.sink(bytes));
    this.envelope = new ParquetEnvelopeWriter(envelopeSchema(schema), write, () => {}, 0, { pageIndex: false });
  }

  async write(batch: ColumnBatch): Promise<void> {
    if (batch.rows === 0) {
      return;
    }
    await this.begin();
    const chunks = batch.columns.map((data) => encodeChunk(data, batch.rows));
    const pages = Object.fromEntries(this.schema.columns.map(({ name }, index) => [name, chunks[index]?.pages ?? []]));
    const written = this.envelope.writeRowGroup({ rowCount: batch.rows, pages });
    this.complete(chunks);
    await written;
  }

  async close(): Promise<void> {
    await this.begin();
    const { rowCount, rowGroups } = this.envelope;
    await this.envelope.writeSection(encodeFooter(this.schema, rowCount, rowGroups));
  }

  async abort(): Promise<void> {
    this.aborted = true;
  }

  private async begin(): Promise<void> {
    if (!this.begun) {
      this.begun = true;
      await this.envelope.writeHeader();
    }
  }

  /** Puts into the newest row group's metadata what the envelope leaves out or, as the uncompressed sizes, gets wrong. */
  private complete(chunks: readonly Chunk[]): void {
    const rowGroup = this.envelope.rowGroups.at(-1);
    if (rowGroup === undefined) {
      throw new Error('parquetjs-lite has written a row group and keeps no metadata of it.');
    }
    rowGroup.total_byte_size = chunks.reduce((sum, chunk) => sum + chunk.uncompressedSize, 0);
    rowGroup.columns.forEach(({ meta_data }, index) => {
      const chunk = chunks[index];
      if (chunk !== undefined) {
        meta_data.total_uncompressed_size = chunk.uncompressedSize;
        meta_data.statistics = chunk.statistics;
      }
    });
  }
}
