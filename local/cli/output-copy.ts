import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { orderedMap } from '../../shared/messages/ordered-map';
import { analyticsRoot } from '../../shared/messages/output-paths';
import { allObjects } from '../../shared/messages/pages';

const READS_AT_ONCE = 8;

/**
 * Copies everything that the batch has written for the tenants into a local folder, which is emptied first.
 *
 * @returns the paths below the folder, with forward slashes: the objects' keys
 */
export async function copyOutput(
  platform: Pick<BatchPlatform, 'analyticsStore'>,
  tenants: readonly string[],
  folder: string,
): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const copied: string[] = [];
  for (const tenant of tenants) {
    const store = platform.analyticsStore(tenant);
    const copies = orderedMap(allObjects(store, analyticsRoot(tenant)), READS_AT_ONCE, async ({ key }) => {
      const path = join(folder, ...key.split('/'));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, (await store.read(key)).body);
      return key;
    });
    for await (const key of copies) copied.push(key);
  }
  return copied.sort();
}
