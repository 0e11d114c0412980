import { mkdir, rm } from 'node:fs/promises';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { createFolderObjectStore } from '../../shared/local/folder-object-store';
import { analyticsRoot } from '../../shared/messages/output-paths';
import { allObjects } from '../../shared/messages/pages';
import { orderedMap } from '../../shared/ordered-map';

const COPIES_AT_ONCE = 8;

/**
 * Copies everything that the batch has written for the tenants into a local folder, which is emptied first.
 *
 * @returns the objects' keys, in order
 */
export async function copyOutput(
  platform: Pick<BatchPlatform, 'analyticsStore'>,
  tenants: readonly string[],
  folder: string,
): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const target = createFolderObjectStore({ folder });
  const copied: string[] = [];
  for (const tenant of tenants) {
    const store = platform.analyticsStore(tenant);
    const copies = orderedMap(allObjects(store, analyticsRoot(tenant)), COPIES_AT_ONCE, async ({ key }) => {
      const { body } = await store.read(key);
      await target.write(key, body, { contentType: 'application/octet-stream' });
      return key;
    });
    for await (const key of copies) copied.push(key);
  }
  return copied.sort();
}
