import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import {
  DATASET_NAMES,
  DATASETS,
  type Dataset,
  type DatasetColumn,
  SCHEMA_VERSION,
} from '../../../shared/messages/datasets';
import type { ColumnValue } from '../../../shared/parquet/schema';
import { parquetFiles, queryDuckDb } from '../../support/parquet-readers';
import { asRead, rowsOf } from '../parquet/generators';
import { VARIANTS, withFolder, writePart } from '../parquet/parts';

// A column that a later version of the schema adds, in the days that were written before it.

const NEW: DatasetColumn = {
  name: 'new_column',
  type: 'string',
  nullable: true,
  since: SCHEMA_VERSION + 1,
  meaning: 'What nobody wrote before',
  nulls: 'the file is older',
};

const later = (dataset: Dataset): Dataset => ({ ...dataset, columns: [...dataset.columns, NEW] });

interface TwoDays {
  readonly dataset: Dataset;
  readonly before: readonly (readonly ColumnValue[])[];
  readonly after: readonly (readonly ColumnValue[])[];
}

const twoDays: fc.Arbitrary<TwoDays> = fc
  .constantFrom(...DATASET_NAMES.map((name) => DATASETS[name]))
  .chain((dataset) =>
    fc.record({ dataset: fc.constant(dataset), before: rowsOf(dataset, 5), after: rowsOf(later(dataset), 5) }),
  )
  .filter(({ before, after }) => before.length > 0 && after.length > 0);

describe.each(VARIANTS)('$encoder, $compression', (variant) => {
  const written = (folder: string, { dataset, before, after }: TwoDays) =>
    Promise.all([
      writePart({ schema: dataset, rows: before }, { ...variant, directory: folder }),
      writePart({ schema: later(dataset), rows: after }, { ...variant, directory: folder }),
    ]);

  test('is null in old rows for DuckDB, whichever day comes first', async () => {
    await fc.assert(
      fc.asyncProperty(twoDays, fc.boolean(), async (days, oldFirst) => {
        await withFolder(async (folder) => {
          const parts = (await written(folder, days)).map(({ path }) => path);
          const files = parquetFiles(oldFirst ? parts : parts.toReversed()).replace(')', ', union_by_name = true)');

          const { columns, rows } = await queryDuckDb(
            `SELECT "${NEW.name}" IS NULL AS n, count(*) FROM ${files} GROUP BY n`,
          );
          const described = await queryDuckDb(`SELECT * FROM ${files} LIMIT 0`);

          const nulls = days.after.filter((row) => row.at(-1) === null).length + days.before.length;
          const filled = days.before.length + days.after.length - nulls;
          expect(new Map(rows.map(([isNull, count]) => [isNull, count]))).toEqual(
            new Map([[true, BigInt(nulls)] as const, ...(filled > 0 ? [[false, BigInt(filled)] as const] : [])]),
          );
          expect(columns).toHaveLength(2);
          expect(new Set(described.columns.map(({ name }) => name))).toEqual(
            new Set(later(days.dataset).columns.map(({ name }) => name)),
          );
        });
      }),
      { numRuns: 10 },
    );
  });

  test('is absent from old rows for hyparquet, and there in new ones', async () => {
    await fc.assert(
      fc.asyncProperty(twoDays, async (days) => {
        await withFolder(async (folder) => {
          const [before, after] = await written(folder, days);

          const old = await objectsOf(before.path);
          const recent = await objectsOf(after.path);

          expect(old.map((row) => row[NEW.name] ?? null)).toEqual(days.before.map(() => null));
          expect(recent.map((row) => row[NEW.name] ?? null)).toEqual(
            days.after.map((row) => asRead(later(days.dataset), row).at(-1)),
          );
        });
      }),
      { numRuns: 10 },
    );
  });
});

async function objectsOf(path: string): Promise<Record<string, unknown>[]> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const parsers = { stringFromBytes: (bytes: Uint8Array | undefined) => bytes && decoder.decode(bytes) };
  return parquetReadObjects({ file: new Uint8Array(await readFile(path)).buffer, compressors, parsers });
}
