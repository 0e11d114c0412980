import { open } from 'node:fs/promises';
import type { PartSource } from '../../../shared/parquet/part-footer';
import { partRowGroups } from '../../../shared/parquet/part-rows';
import type { ColumnValue, DatasetSchema } from '../../../shared/parquet/schema';
import { VARIANTS, withFolder, writePart } from './parts';

const schema: DatasetSchema = {
  name: 'everything',
  columns: [
    { name: 'text', type: 'string', nullable: false },
    { name: 'own', type: 'json', nullable: true, unique: true },
    { name: 'small', type: 'int32', nullable: false },
    { name: 'large', type: 'int64', nullable: true },
    { name: 'part', type: 'double', nullable: true },
    { name: 'yes', type: 'boolean', nullable: false },
    { name: 'at', type: 'timestamp', nullable: false },
    { name: 'day', type: 'date', nullable: false },
  ],
};
const rows: ColumnValue[][] = [
  ['\ufeff日本語 😀', '{"a":"b"}', -1, 2n ** 53n, 0.1, true, Date.parse('2025-08-11T03:04:05.678Z'), 20_311],
  ['', null, 2 ** 31 - 1, null, null, false, -1, -1],
  ['a\u0000b', '[]', 0, 7n, -0, true, 0, 0],
];

async function readAll(path: string, columns: readonly string[]) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const reads: number[] = [];
    const part: PartSource = {
      size,
      read: async (offset, length) => {
        reads.push(length);
        const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      },
    };
    const groups: ColumnValue[][][] = [];
    for await (const group of partRowGroups(part, columns)) groups.push(group);
    return { groups, reads };
  } finally {
    await file.close();
  }
}

describe.each(VARIANTS)('rows of a part by $encoder with $compression', (variant) => {
  test('are the values that were written, a row group at a time', async () => {
    await withFolder(async (directory) => {
      const { path } = await writePart({ schema, rows }, { ...variant, directory, rowGroupRows: 2 });

      const { groups } = await readAll(
        path,
        schema.columns.map(({ name }) => name),
      );

      expect(groups).toEqual([rows.slice(0, 2), rows.slice(2)]);
    });
  });

  test('of some columns come in the order asked for, and a column that is not there is null', async () => {
    await withFolder(async (directory) => {
      const { path } = await writePart({ schema, rows }, { ...variant, directory });

      const { groups } = await readAll(path, ['day', 'of_later', 'text']);

      expect(groups).toEqual([rows.map((row) => [row[7], null, row[0]])]);
      expect((await readAll(path, ['of_later'])).groups).toEqual([[[null], [null], [null]]]);
    });
  });
});

test('a part that cannot be decoded is named invalid', async () => {
  await withFolder(async (directory) => {
    const { path, bytes } = await writePart({ schema, rows }, { encoder: 'arrow', compression: 'ZSTD', directory });
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(64, 7), 0, 64, 4);
    await file.close();

    expect(bytes).toBeGreaterThan(100);
    await expect(readAll(path, ['text'])).rejects.toMatchObject({ code: 'part_invalid' });
  });
});
