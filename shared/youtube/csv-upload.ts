import { createReadStream } from 'node:fs';
import { allObjects } from '../messages/pages';
import type { CsvFileLists } from './csv-files';
import { CATALOGUE_DATASETS } from './csv-rows';
import type { SyncContext } from './sync-context';
import { csvFolder, csvKey } from './sync-paths';

/**
 * Puts a run's CSV files into the tenant's container, over those of an earlier try, and deletes what such a try left there under
 * other numbers.
 *
 * @returns bytes that were uploaded
 * @throws StorageError
 */
export async function uploadCsv({ output, tenant, run }: SyncContext, files: CsvFileLists): Promise<number> {
  const uploaded = new Set<string>();
  let bytes = 0;
  for (const dataset of CATALOGUE_DATASETS) {
    const ofDataset = files[dataset];
    for (const [index, { path, size }] of ofDataset.entries()) {
      const key = csvKey(tenant, run, dataset, index + 1, ofDataset.length);
      await output.write(key, { size, open: () => createReadStream(path) }, { contentType: 'text/csv; charset=utf-8' });
      uploaded.add(key);
      bytes += size;
    }
  }
  const leftOver: string[] = [];
  for await (const { key } of allObjects(output, csvFolder(tenant, run))) if (!uploaded.has(key)) leftOver.push(key);
  for (const key of leftOver) await output.delete(key);
  return bytes;
}
