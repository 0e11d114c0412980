import { randomUUID } from 'node:crypto';
import { DATASET_NAMES } from '../../messages/datasets';
import { releaseDay, withDayLease } from '../../messages/day-lease';
import { monthFolder, monthManifestKey } from '../../messages/output-paths';
import { allObjects } from '../../messages/pages';
import type { ObjectStore } from '../../ports/object-store';
import { type Month, monthsOf } from './month';
import type { MonthContext } from './month-context';
import type { PublishedMonth } from './month-manifest';

type DropContext = Pick<MonthContext, 'analytics' | 'metadata' | 'tenant' | 'clock' | 'log'>;

/**
 * Takes away the compacted months that dates lie in: first the manifests, then every object of theirs, also what a compaction left that
 * was killed. Call it after the days are rewritten: a compaction that comes later reads them as they are then, and one that is at work
 * makes this fail, to be called again. The next compaction writes the months anew.
 *
 * @param dates business dates, in any order
 * @returns the months of which there was anything
 * @throws DayInUseError where a compaction is at work on one of them
 */
export async function dropMonthsWith(context: DropContext, dates: Iterable<string>): Promise<Month[]> {
  const dropped: Month[] = [];
  for (const month of monthsOf(dates)) {
    const lease = { tenant: context.tenant, date: month, owner: `drop-${randomUUID()}` };
    try {
      if (await withDayLease(context, lease, () => dropMonth(context, month))) dropped.push(month);
    } finally {
      await releaseDay(context, lease);
    }
  }
  return dropped;
}

async function dropMonth({ analytics, tenant }: DropContext, month: Month): Promise<boolean> {
  const manifest = monthManifestKey(tenant, month);
  const isPublished = (await analytics.head(manifest)) !== undefined;
  if (isPublished) await analytics.delete(manifest);
  const parts = await partsOfMonth(analytics, tenant, month);
  for (const key of parts) await analytics.delete(key);
  return isPublished || parts.length > 0;
}

/** Removes from a month's folders whatever its manifest does not name. */
export async function removeMonthLeftovers(
  analytics: ObjectStore,
  tenant: string,
  month: Month,
  { manifest, etag }: PublishedMonth,
): Promise<void> {
  const kept = new Set(
    Object.values(manifest.datasets)
      .flat()
      .map(({ key }) => key),
  );
  const leftOver = (await partsOfMonth(analytics, tenant, month)).filter((key) => !kept.has(key));
  if (leftOver.length === 0) return;
  const standing = await analytics.head(monthManifestKey(tenant, month));
  if (standing?.etag !== etag) return;
  for (const key of leftOver) await analytics.delete(key);
}

async function partsOfMonth(analytics: ObjectStore, tenant: string, month: Month): Promise<string[]> {
  const keys: string[] = [];
  for (const dataset of DATASET_NAMES) {
    for await (const { key } of allObjects(analytics, monthFolder(tenant, dataset, month))) keys.push(key);
  }
  return keys;
}
