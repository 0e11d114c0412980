import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { CatalogueFiles } from '../../shared/ports/catalogue-database';
import { byDataset, CATALOGUE_DATASETS, type CsvRow } from '../../shared/youtube/csv-rows';
import type { DatasetRows } from './catalogue-days';

/** The rows of a sync's CSV files. */
export async function readCsvFiles(files: CatalogueFiles): Promise<DatasetRows> {
  const found = byDataset((): CsvRow[] => []);
  for (const dataset of CATALOGUE_DATASETS) {
    for (const path of files[dataset]) found[dataset].push(...rowsOf(await readFile(path)));
  }
  return found;
}

/** An empty field without quotes is null. */
function rowsOf(text: Buffer): CsvRow[] {
  return parse(text, {
    from: 2,
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  }) as (string | null)[][];
}
