import { DATASET_NAMES } from './datasets';
import type { ExportContext } from './export-context';
import { type Manifest, objectsOf } from './manifest';
import { datasetFolder, planFolder, quarantineFolder } from './output-paths';
import { allObjects } from './pages';

/**
 * Removes from a published day's folders whatever its manifest does not name: parts of the version before, and what interrupted
 * runs left. Late rooms that an audit recorded stay, except for those that the plan took in: another day's run may have
 * recorded them while this one was at work.
 */
export async function removeLeftovers(
  context: ExportContext,
  manifest: Manifest,
  settled: readonly string[],
): Promise<void> {
  const { analytics, tenant, day } = context;
  const kept = objectsOf(manifest);
  const late = `${planFolder(tenant, day.date)}late-`;
  const folders = [
    ...DATASET_NAMES.map((dataset) => datasetFolder(tenant, dataset, day.date)),
    quarantineFolder(tenant, day.date),
    planFolder(tenant, day.date),
  ];
  for (const folder of folders) {
    for await (const { key } of allObjects(analytics, folder)) {
      const unsettled = key.startsWith(late) && !settled.includes(key);
      if (!kept.has(key) && !unsettled) await analytics.delete(key);
    }
  }
}
