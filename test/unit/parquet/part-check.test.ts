import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { BatchError, ProofError, StorageError } from '../../../shared/errors';
import { checkPart, checkPartRows, type PartExpectation } from '../../../shared/parquet/part-check';
import type { PartSource } from '../../../shared/parquet/part-footer';
import type { Column, ColumnValue, DatasetSchema } from '../../../shared/parquet/schema';
import { datasets } from './generators';
import { VARIANTS, withFolder, writePart } from './parts';

function sourceOf(bytes: Uint8Array): PartSource {
  return { size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}

const schema: DatasetSchema = {
  name: 'checked',
  columns: [
    { name: 'id', type: 'string', nullable: false, unique: true },
    { name: 'at', type: 'timestamp', nullable: false },
    { name: 'day', type: 'date', nullable: true },
    { name: 'n', type: 'int64', nullable: true },
    { name: 'share', type: 'double', nullable: true },
    { name: 'is', type: 'boolean', nullable: false },
  ],
};
const rows: ColumnValue[][] = Array.from({ length: 50 }, (_, n) => [
  `id-${n}`,
  n * 1000,
  n % 3 ? n : null,
  -n,
  n / 7,
  n % 2 === 0,
]);
const expected: PartExpectation = { schema, rows: rows.length };

function withColumn(index: number, change: Partial<Column>): DatasetSchema {
  return { ...schema, columns: schema.columns.map((column, at) => (at === index ? { ...column, ...change } : column)) };
}

describe.each(VARIANTS)('the check of a part by $encoder with $compression', (variant) => {
  let bytes: Uint8Array;

  beforeAll(async () => {
    await withFolder(async (directory) => {
      const { path } = await writePart({ schema, rows }, { ...variant, directory, rowGroupRows: 20 });
      bytes = new Uint8Array(await readFile(path));
    });
  });

  const footerLength = () => new DataView(bytes.buffer).getUint32(bytes.length - 8, true);

  it('finds nothing wrong with any part as it was written, rows or no rows', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, fc.constantFrom(2, 1000), async (dataset, rowGroupRows) => {
        await withFolder(async (directory) => {
          const { path } = await writePart(dataset, { ...variant, directory, rowGroupRows });
          const part = sourceOf(await readFile(path));

          const footer = await checkPart(part, { schema: dataset.schema, rows: dataset.rows.length });
          await checkPartRows(part, { schema: dataset.schema, rows: dataset.rows.length });

          expect(Number(footer.metadata.num_rows)).toBe(dataset.rows.length);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('reads a few small ranges of a large part only', async () => {
    const reads: [number, number][] = [];
    const { read, size } = sourceOf(bytes);
    // As if a gigabyte lay between head and footer.
    const gap = 2 ** 30;
    const part: PartSource = {
      size: size + gap,
      read: async (offset, length) => {
        reads.push([offset, length]);
        const end = await read(0, size);
        const whole = new Uint8Array(length);
        const shift = offset === 0 ? 0 : offset - gap;
        whole.set(end.subarray(Math.max(shift, 0), shift + length), Math.max(-shift, 0));
        return whole;
      },
    };

    await checkPart(part, expected);

    expect(reads).toEqual([
      [0, 4],
      [part.size - 64 * 1024, 64 * 1024],
    ]);
  });

  it.each<[string, PartExpectation, RegExp]>([
    ['fewer rows', { schema, rows: 49 }, /rows: expected 49, found 50/],
    ['more rows', { schema, rows: 51 }, /rows: expected 51, found 50/],
    ['another name', { ...expected, schema: withColumn(3, { name: 'm' }) }, /name of column 3: expected m, found n/],
    [
      'another physical type',
      { ...expected, schema: withColumn(3, { type: 'int32' }) },
      /physical type of column 'n': expected INT32, found INT64/,
    ],
    [
      'another logical type',
      { ...expected, schema: withColumn(3, { type: 'timestamp' }) },
      /logical type of column 'n': expected TIMESTAMP isAdjustedToUTC=true unit=MILLIS, found none/,
    ],
    [
      'no logical type',
      { ...expected, schema: withColumn(2, { type: 'int32' }) },
      /logical type of column 'day': expected none, found DATE/,
    ],
    [
      'a required column',
      { ...expected, schema: withColumn(2, { nullable: false }) },
      /repetition of column 'day': expected REQUIRED, found OPTIONAL/,
    ],
    [
      'one column more',
      { ...expected, schema: { ...schema, columns: [...schema.columns, { name: 'o', type: 'date', nullable: true }] } },
      /columns: expected 7, found 6/,
    ],
    [
      'one column less',
      { ...expected, schema: { ...schema, columns: schema.columns.slice(1) } },
      /columns: expected 5, found 6/,
    ],
    [
      'another order',
      { ...expected, schema: { ...schema, columns: schema.columns.toReversed() } },
      /name of column 0: expected is, found id/,
    ],
  ])('says what differs where %s was expected', async (_, expectation, message) => {
    const check = checkPart(sourceOf(bytes), expectation);

    await expect(check).rejects.toThrow(ProofError);
    await expect(check).rejects.toThrow(
      expect.objectContaining({ code: 'part_invalid', message: expect.stringMatching(message) }),
    );
  });

  it('refuses a part that is cut short anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), async (length) => {
        const check = checkPart(sourceOf(bytes.slice(0, length)), expected);

        await expect(check).rejects.toThrow(expect.objectContaining({ code: 'part_invalid' }));
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a part whose last bytes the store does not give', async () => {
    const short: PartSource = {
      size: bytes.length,
      read: async (offset, length) => bytes.subarray(offset, offset + length - 1),
    };

    const check = checkPart(short, expected);

    await expect(check).rejects.toThrow(/4 bytes expected at offset 0, found 3/);
  });

  it('refuses a damaged head, end or footer length', async () => {
    const places = [0, 3, bytes.length - 1, bytes.length - 4, bytes.length - 5, bytes.length - 8];
    for (const place of places) {
      const damaged = bytes.slice();
      damaged[place] = (damaged[place] ?? 0) ^ 0x20;

      const check = checkPart(sourceOf(damaged), expected);

      await expect(check).rejects.toThrow(expect.objectContaining({ code: 'part_invalid' }));
    }
  });

  it('finds a footer with a flipped bit wrong, or to say the same; never anything else', async () => {
    const begin = () => bytes.length - 8 - footerLength();
    const kept = (await checkPart(sourceOf(bytes), expected)).metadata;
    const claims = ({ schema: elements, num_rows, row_groups }: typeof kept) => [
      elements.slice(1),
      num_rows,
      row_groups.map((group) => group.columns.map((each) => each.meta_data?.num_values)),
    ];
    let refused = 0;
    const runs = 400;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: footerLength() - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const damaged = bytes.slice();
        damaged[begin() + at] = (damaged[begin() + at] ?? 0) ^ (1 << bit);

        const [outcome] = await Promise.allSettled([checkPart(sourceOf(damaged), expected)]);

        if (outcome?.status === 'fulfilled') {
          expect(claims(outcome.value.metadata)).toEqual(claims(kept));
        } else {
          refused += 1;
          expect(outcome?.reason).toMatchObject({ code: 'part_invalid', kind: 'permanent' });
        }
      }),
      { numRuns: runs },
    );
    expect(refused).toBeGreaterThan(runs / 8);
  });

  it('decodes every value in the deep check, and reports damaged ones as nothing but that', async () => {
    const { metadata, offset } = await checkPart(sourceOf(bytes), expected);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: offset - 1 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const damaged = bytes.slice();
        damaged[at] = (damaged[at] ?? 0) ^ mask;

        const [outcome] = await Promise.allSettled([checkPartRows(sourceOf(damaged), expected)]);

        if (outcome?.status === 'rejected') {
          refused += 1;
          expect(outcome.reason).toBeInstanceOf(ProofError);
        }
      }),
      { numRuns: 200 },
    );
    expect(metadata.row_groups).toHaveLength(3);
    expect(refused).toBeGreaterThan(20);
  });

  it('passes on what the store fails with', async () => {
    const gone = new StorageError('gone', { code: 'object_not_found', kind: 'permanent' });
    let reads = 0;
    const failing = (after: number): PartSource => ({
      size: bytes.length,
      read: async (offset, length) => {
        reads += 1;
        if (reads > after) throw gone;
        return bytes.subarray(offset, offset + length);
      },
    });

    for (const after of [0, 1, 2, 3, 4]) {
      reads = 0;
      const check: Promise<unknown> = checkPartRows(failing(after), expected);
      await expect(check).rejects.toBe(gone);
      await expect(check).rejects.toBeInstanceOf(BatchError);
    }
  });
});
