import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { PartWriter } from '../../../shared/parquet/part-writer';
import type { ColumnType, ColumnValue, DatasetSchema } from '../../../shared/parquet/schema';
import { parquetFiles, queryDuckDb, readWithDuckDb, readWithHyparquet } from '../../support/parquet-readers';
import { asRead, columnsAsRead, type Dataset, datasets, LARGE_TEXT_BYTES } from './generators';
import { VARIANTS, withFolder, writePart } from './parts';

const rowGroupRows = fc.constantFrom(1, 3, 7, 1000);

/** The dataset as both readers must give it back. */
function asBothRead({ schema, rows }: Dataset) {
  const expected = { columns: columnsAsRead(schema), rows: rows.map((row) => asRead(schema, row)) };
  return [expected, expected];
}

async function readBoth(path: string) {
  return [await readWithHyparquet(path), await readWithDuckDb([path])];
}

/** A condition that only rows with this value meet, in DuckDB's SQL. */
const EQUALS: Readonly<Record<ColumnType, (value: NonNullable<ColumnValue>) => string>> = {
  string: (value) => `decode(from_hex('${Buffer.from(String(value)).toString('hex')}'))`,
  json: (value) => EQUALS.string(value),
  int32: (value) => `CAST('${value}' AS INTEGER)`,
  int64: (value) => `CAST('${value}' AS BIGINT)`,
  double: (value) => `CAST('${value}' AS DOUBLE)`,
  boolean: (value) => `${value}`,
  timestamp: (value) => `make_timestamptz(${BigInt(value) * 1000n})`,
  date: (value) => `CAST('1970-01-01' AS DATE) + CAST('${value}' AS INTEGER)`,
};

describe.each(VARIANTS)('a part written by $encoder with $compression', (variant) => {
  it('reads back as it was written, by hyparquet and by DuckDB', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, rowGroupRows, async (dataset, groupRows) => {
        await withFolder(async (directory) => {
          const part = await writePart(dataset, { ...variant, directory, rowGroupRows: groupRows });

          const read = await readBoth(part.path);

          expect(read).toEqual(asBothRead(dataset));
          expect(part.rows).toBe(dataset.rows.length);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('has the same bytes whenever it is written, and whatever comes between its rows', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, rowGroupRows, async (dataset, groupRows) => {
        await withFolder(async (directory) => {
          const options = { ...variant, directory, rowGroupRows: groupRows };
          const first = await writePart(dataset, options);
          const slow = await PartWriter.open({ ...options, schema: dataset.schema });
          for (const row of dataset.rows) {
            await slow.append(row);
            await setImmediate();
          }
          const second = await slow.finish();

          const bytes = [await readFile(first.path), await readFile(second.path)] as const;

          expect(bytes[0].equals(bytes[1])).toBe(true);
          expect(first.sha256).toBe(second.sha256);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('loses no row to its statistics when an engine filters by them', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, fc.constantFrom(2, 5), fc.nat(), async (dataset, groupRows, pick) => {
        const { schema, rows } = dataset;
        fc.pre(rows.length > 0);
        await withFolder(async (directory) => {
          const part = await writePart(dataset, { ...variant, directory, rowGroupRows: groupRows });
          const row = rows[pick % rows.length] ?? [];
          const counts = schema.columns.map(({ name, type }, index) => {
            const value = row[index] ?? null;
            const condition = value === null ? 'IS NULL' : `= ${EQUALS[type](value)}`;
            return `(SELECT count(*) FROM ${parquetFiles([part.path])} WHERE "${name}" ${condition})`;
          });

          const found = await queryDuckDb(`SELECT ${counts.join(', ')}`);

          // SQL knows one zero only.
          const same = (a: unknown, b: unknown) => a === b;
          const read = rows.map((each) => asRead(schema, each));
          const wanted = asRead(schema, row);
          const expected = schema.columns.map(
            (_, index) => read.filter((each) => same(each[index], wanted[index])).length,
          );
          expect(found.rows[0]?.map(Number)).toEqual(expected);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('keeps texts of the largest size, over many pages and row groups', async () => {
    const schema: DatasetSchema = {
      name: 'large',
      columns: [
        { name: 'id', type: 'int64', nullable: false, unique: true },
        { name: 'free', type: 'string', nullable: true, unique: true },
        { name: 'repeated', type: 'string', nullable: true },
      ],
    };
    const large = (row: number) => String.fromCodePoint(0x4e00 + row).repeat(LARGE_TEXT_BYTES / 3);
    const rows = Array.from({ length: 60 }, (_, row) => [
      row,
      row % 7 === 3 ? null : large(row),
      row % 5 === 0 ? null : large(row % 2),
    ]);
    await withFolder(async (directory) => {
      const part = await writePart({ schema, rows }, { ...variant, directory, rowGroupBytes: 5 * 1024 * 1024 });

      const read = await readBoth(part.path);

      expect(part.rowGroups).toBe(3);
      expect(read).toEqual(asBothRead({ schema, rows }));
    });
  });

  it('keeps both zeros apart where they share a dictionary', async () => {
    const schema: DatasetSchema = { name: 'zeros', columns: [{ name: 'zero', type: 'double', nullable: false }] };
    const rows = Array.from({ length: 500 }, (_, row) => [row % 3 === 0 ? 0 : row % 3 === 1 ? -0 : row]);
    await withFolder(async (directory) => {
      const part = await writePart({ schema, rows }, { ...variant, directory });

      const read = await readBoth(part.path);

      expect(read).toEqual(asBothRead({ schema, rows }));
    });
  });

  it('says who wrote it in the same words, whichever release it was', async () => {
    const schema: DatasetSchema = { name: 'small', columns: [{ name: 'n', type: 'int32', nullable: false }] };
    await withFolder(async (directory) => {
      const part = await writePart({ schema, rows: [[1]] }, { ...variant, directory });

      const metadata = parquetMetadata(await readFile(part.path));

      expect(metadata.created_by).toBe('makoto-daily-batch version 1.0.0 (build parquet)');
      const codecs = metadata.row_groups.flatMap((group) => group.columns.map((column) => column.meta_data?.codec));
      expect(codecs).toEqual([variant.compression]);
    });
  });
});

describe('parts of one dataset', () => {
  it('read as one table, whichever encoder wrote which, a part without rows among them', async () => {
    await fc.assert(
      fc.asyncProperty(datasets, async (dataset) => {
        await withFolder(async (directory) => {
          const empty = { ...dataset, rows: [] };
          const paths: string[] = [];
          for (const variant of VARIANTS) {
            const options = { ...variant, directory };
            paths.push((await writePart(empty, options)).path, (await writePart(dataset, options)).path);
          }

          const read = await readWithDuckDb(paths);

          const rows = dataset.rows.map((row) => asRead(dataset.schema, row));
          expect(read).toEqual({ columns: columnsAsRead(dataset.schema), rows: [...rows, ...rows, ...rows] });
        });
      }),
      { numRuns: 15 },
    );
  });
});
