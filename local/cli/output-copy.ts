import { mkdir, rm } from 'node:fs/promises';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import type { JobReport, TenantReport } from '../../shared/batch/report';
import { createFolderObjectStore } from '../../shared/local/folder-object-store';
import { analyticsRoot } from '../../shared/messages/output-paths';
import { allObjects } from '../../shared/messages/pages';
import { orderedMap } from '../../shared/ordered-map';

const COPIES_AT_ONCE = 8;

/**
 * Copies what the runs have written for their tenants into a local folder, which is emptied first: all of a tenant's analytics, and the
 * CSV files of a sync.
 *
 * @returns the objects' keys, in order
 */
export async function copyOutput(
  platform: Pick<BatchPlatform, 'analyticsStore'>,
  jobs: readonly Pick<JobReport, 'tenants'>[],
  folder: string,
): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const target = createFolderObjectStore({ folder });
  const copied: string[] = [];
  for (const report of jobs.flatMap(({ tenants }) => tenants)) {
    const store = platform.analyticsStore(report.tenant);
    for (const prefix of writtenPrefixes(report)) {
      const copies = orderedMap(allObjects(store, prefix), COPIES_AT_ONCE, async ({ key }) => {
        const { body } = await store.read(key);
        await target.write(key, body, { contentType: 'application/octet-stream' });
        return key;
      });
      for await (const key of copies) copied.push(key);
    }
  }
  return copied.sort();
}

function writtenPrefixes({ tenant, status, csv }: TenantReport): string[] {
  if (csv !== undefined) return [csv];
  return status === 'completed' ? [analyticsRoot(tenant)] : [];
}
