import { DATASET_NAMES } from './datasets';
import type { ExportContext } from './export-context';
import { objectsOf } from './manifest';
import { datasetFolder, manifestKey, planFolder, quarantineFolder } from './output-paths';
import { allObjects } from './pages';
import type { PublishedDay } from './published-day';

export interface NotLeftOver {
  /** Papers of late rooms that the plan took in: these go. Others may have been recorded while this run was at work. */
  readonly settled: readonly string[];
  /** This run's own papers: where the published day is the same as before, its manifest names earlier ones. */
  readonly inUse: readonly string[];
}

/**
 * Removes from a published day's folders whatever its manifest does not name: parts of the version before, and what interrupted
 * runs left. Nothing is removed where another manifest stands by now: its parts are not ours to judge.
 */
export async function removeLeftovers(
  context: ExportContext,
  published: PublishedDay,
  { settled, inUse }: NotLeftOver,
): Promise<void> {
  const { analytics, tenant, day } = context;
  const kept = new Set([...objectsOf(published.manifest), ...inUse]);
  const late = `${planFolder(tenant, day.date)}late-`;
  const leftOver: string[] = [];
  for (const folder of foldersOf(tenant, day.date)) {
    for await (const { key } of allObjects(analytics, folder)) {
      const unsettled = key.startsWith(late) && !settled.includes(key);
      if (!kept.has(key) && !unsettled) leftOver.push(key);
    }
  }
  if (leftOver.length === 0) return;
  const standing = await analytics.head(manifestKey(tenant, day.date));
  if (standing?.etag !== published.etag) return;
  for (const key of leftOver) await analytics.delete(key);
}

function foldersOf(tenant: string, date: string): string[] {
  const datasets = DATASET_NAMES.map((dataset) => datasetFolder(tenant, dataset, date));
  return [...datasets, quarantineFolder(tenant, date), planFolder(tenant, date)];
}
