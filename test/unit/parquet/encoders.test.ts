import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type ColumnChunk, type FileMetaData, parquetMetadata, type SchemaElement } from 'hyparquet';
import { wasmMemory } from 'parquet-wasm';
import { BatchError } from '../../../shared/errors';
import { type ColumnBatch, ColumnBatchBuilder } from '../../../shared/parquet/column-batch';
import type { ParquetFileWriter } from '../../../shared/parquet/encoder';
import { createEncoder } from '../../../shared/parquet/encoders';
import type { ColumnValue, DatasetSchema } from '../../../shared/parquet/schema';
import { datasets } from './generators';
import { VARIANTS } from './parts';

function batchOf(schema: DatasetSchema, rows: readonly (readonly ColumnValue[])[]): ColumnBatch {
  const builder = new ColumnBatchBuilder(schema);
  for (const row of rows) builder.append(row);
  return builder.take();
}

function metadataOf(chunks: readonly Uint8Array[]): FileMetaData {
  return parquetMetadata(new Uint8Array(Buffer.concat(chunks)));
}

const everyType: DatasetSchema = {
  name: 'every_type',
  columns: [
    { name: 'a_string', type: 'string', nullable: false },
    { name: 'a_json', type: 'json', nullable: true },
    { name: 'an_int32', type: 'int32', nullable: false },
    { name: 'an_int64', type: 'int64', nullable: true },
    { name: 'a_double', type: 'double', nullable: true },
    { name: 'a_boolean', type: 'boolean', nullable: false },
    { name: 'a_timestamp', type: 'timestamp', nullable: true, unique: true },
    { name: 'a_date', type: 'date', nullable: false },
  ],
};

const twoRows: ColumnValue[][] = [
  ['x', null, -5, 2n ** 60n, -0, true, null, -1],
  ['y', '{}', 7, -1, 0, false, null, 20_311],
];

/** Text that no codec makes much smaller, so that a row group has a size to go by. */
const INCOMPRESSIBLE_BYTES = 60_000;
const text: DatasetSchema = {
  name: 'text',
  columns: [{ name: 'noise', type: 'string', nullable: false, unique: true }],
};
const noise = createHash('shake256', { outputLength: INCOMPRESSIBLE_BYTES }).update('noise').digest('base64');
const incompressible = batchOf(text, [[noise]]);

describe.each(VARIANTS)('the encoder $encoder with $compression', ({ encoder, compression }) => {
  async function open(schema: DatasetSchema, sink: (chunk: Uint8Array) => Promise<void>): Promise<ParquetFileWriter> {
    return await createEncoder(encoder).open(schema, { compression, sink });
  }

  async function encode(schema: DatasetSchema, batches: readonly ColumnBatch[]): Promise<FileMetaData> {
    const chunks: Uint8Array[] = [];
    const writer = await open(schema, async (chunk) => void chunks.push(chunk));
    for (const batch of batches) await writer.write(batch);
    await writer.close();
    return metadataOf(chunks);
  }

  it('makes one row group of every batch that holds a value', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, fc.array(fc.nat({ max: 9 }), { maxLength: 6 }), async ({ schema, rows }, sizes) => {
        // Batches of nothing but nulls may share a row group.
        fc.pre(rows[0]?.some((value) => value !== null) ?? true);
        const batches = sizes.map((size) => batchOf(schema, rows.slice(0, size)));

        const metadata = await encode(schema, batches);

        const expected = batches.map((batch) => batch.rows).filter((count) => count > 0);
        expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('writes out physical, logical and converted types', async () => {
    const { schema } = await encode(everyType, []);

    const types = schema
      .slice(1)
      .map(({ name, type, repetition_type, logical_type, converted_type }: SchemaElement) => [
        name,
        type,
        repetition_type,
        logical_type,
        converted_type,
      ]);
    const timestamp = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' };
    expect(types).toEqual([
      ['a_string', 'BYTE_ARRAY', 'REQUIRED', { type: 'STRING' }, 'UTF8'],
      ['a_json', 'BYTE_ARRAY', 'OPTIONAL', { type: 'STRING' }, 'UTF8'],
      ['an_int32', 'INT32', 'REQUIRED', undefined, undefined],
      ['an_int64', 'INT64', 'OPTIONAL', undefined, undefined],
      ['a_double', 'DOUBLE', 'OPTIONAL', undefined, undefined],
      ['a_boolean', 'BOOLEAN', 'REQUIRED', undefined, undefined],
      ['a_timestamp', 'INT64', 'OPTIONAL', timestamp, 'TIMESTAMP_MILLIS'],
      ['a_date', 'INT32', 'REQUIRED', { type: 'DATE' }, 'DATE'],
    ]);
  });

  it('keeps null counts and ranges of the numbers in every row group', async () => {
    const { row_groups } = await encode(everyType, [batchOf(everyType, twoRows)]);

    const found = row_groups[0]?.columns.map(({ meta_data }: ColumnChunk) => {
      const { null_count, min_value, max_value } = meta_data?.statistics ?? {};
      return [Number(null_count ?? 0), min_value, max_value];
    });
    expect(found?.slice(2)).toEqual([
      [0, -5, 7],
      [0, -1n, 2n ** 60n],
      [0, -0, 0],
      [0, false, true],
      [2, undefined, undefined],
      [0, new Date('1969-12-31'), new Date('2025-08-11')],
    ]);
    expect(found?.slice(0, 2).map(([nulls]) => nulls)).toEqual([0, 1]);
  });

  it('hands a row group to the sink before it takes the next', async () => {
    let bytes = 0;
    const writer = await open(text, async (chunk) => {
      bytes += chunk.length;
    });
    const taken: number[] = [];

    for (let index = 0; index < 4; index += 1) {
      await writer.write(incompressible);
      taken.push(bytes);
    }
    await writer.close();

    for (const [index, each] of taken.entries()) {
      expect(each).toBeGreaterThan(index * INCOMPRESSIBLE_BYTES);
    }
  });

  it('fails with what its sink failed with, and hands it nothing more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 4 }), async (failAt) => {
        let chunks = 0;
        const full = new Error('the disk is full');
        const writer = await open(text, async () => {
          chunks += 1;
          if (chunks > failAt) throw full;
        });

        const work = async () => {
          for (let index = 0; index < 8; index += 1) await writer.write(incompressible);
          await writer.close();
        };

        await expect(work()).rejects.toBe(full);
        await writer.abort();
        await writer.abort();
        expect(chunks).toBe(failAt + 1);
      }),
      { numRuns: 10 },
    );
  });

  it('hands its sink nothing once it is aborted, whatever it was at', async () => {
    const chunks: Uint8Array[] = [];
    const writers = await Promise.all([0, 1, 2].map(() => open(everyType, async (chunk) => void chunks.push(chunk))));
    const [unused, idle, busy] = writers;
    await idle?.write(batchOf(everyType, twoRows));
    const pending = Promise.allSettled([busy?.write(batchOf(everyType, twoRows))]);

    await Promise.all([unused?.abort(), idle?.abort(), busy?.abort()]);
    const taken = chunks.length;
    await pending;

    expect(chunks).toHaveLength(taken);
  });
});

describe('the encoder arrow', () => {
  it('keeps a dictionary for columns whose values repeat, and none for the others', async () => {
    const chunks: Uint8Array[] = [];
    const columns = everyType.columns.map((column, index) => ({ ...column, unique: index % 2 === 0 }));
    const schema = { ...everyType, columns };
    const writer = await createEncoder('arrow').open(schema, {
      compression: 'ZSTD',
      sink: async (chunk) => void chunks.push(chunk),
    });
    await writer.write(batchOf(schema, twoRows));
    await writer.close();

    const metadata = metadataOf(chunks);

    const withDictionary = metadata.row_groups[0]?.columns
      .filter(({ meta_data }) => meta_data?.encodings.includes('RLE_DICTIONARY'))
      .map(({ meta_data }) => meta_data?.path_in_schema[0]);
    // A boolean is smaller than any index into a dictionary.
    expect(withDictionary).toEqual(['a_json', 'an_int64', 'a_date']);
  });

  it('takes no more memory for the thousandth file than for the tenth, finished or not', async () => {
    const batch = batchOf(everyType, Array.from({ length: 50 }, () => twoRows).flat());
    const writeFiles = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const sink = index % 5 === 0 ? async () => Promise.reject(new Error('full')) : async () => undefined;
        const writer = await createEncoder('arrow').open(everyType, { compression: 'ZSTD', sink });
        await writer.write(batch).catch(() => undefined);
        await (index % 3 === 0 ? writer.abort() : writer.close().catch(() => writer.abort()));
      }
    };
    await writeFiles(10);
    const before = wasmMemory().buffer.byteLength;

    await writeFiles(990);

    // A leak of one batch a file would be several times this.
    expect(wasmMemory().buffer.byteLength - before).toBeLessThan(1024 * 1024);
  });
});

describe('the encoder parquetjs-lite', () => {
  it('refuses ZSTD, which it does not hold, as a matter of settings', async () => {
    const open = createEncoder('parquetjs-lite').open(everyType, { compression: 'ZSTD', sink: async () => undefined });

    await expect(open).rejects.toThrow(BatchError);
    await expect(open).rejects.toThrow(
      expect.objectContaining({
        code: 'compression_unsupported',
        kind: 'configuration',
        message: "The Parquet encoder 'parquetjs-lite' cannot compress with ZSTD; it knows SNAPPY.",
      }),
    );
  });
});
