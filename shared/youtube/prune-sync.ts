import { addDays } from '../calendar';
import { allObjects, allPrefixes } from '../messages/pages';
import { orderedMap } from '../ordered-map';
import type { PrunedRows } from '../ports/catalogue-database';
import type { ObjectStore } from '../ports/object-store';
import type { SyncContext } from './sync-context';
import { youtubeRoot } from './sync-paths';
import { removeOldWork } from './work-retention';

/** Objects that are deleted side by side. */
const DELETES_AT_ONCE = 8;

/** What a sync has deleted because it was older than the settings want it. */
export interface PrunedSync extends PrunedRows {
  /** Runs whose CSV files were deleted. */
  readonly csvRuns: number;
}

/**
 * Deletes what the YouTube Data API has told and no sync has read again for so many days: rows of the database, the CSV files of
 * earlier runs and working papers. What people have entered stays. Doing it again goes on where it was interrupted.
 *
 * @param retentionDays 1 or more
 * @throws DatabaseError, StorageError
 */
export async function pruneSync(context: SyncContext, retentionDays: number): Promise<PrunedSync> {
  const { tenant, date, output, database, log } = context;
  const oldest = addDays(date, -retentionDays);
  const sum = { videos: 0, channels: 0, statistics: 0 };
  for (;;) {
    const rows = await database.prune({ tenant, days: retentionDays, oldest });
    sum.videos += rows.videos;
    sum.channels += rows.channels;
    sum.statistics += rows.statistics;
    if (rows.videos + rows.channels + rows.statistics === 0) break;
  }
  const csvRuns = await removeOldCsv(output, tenant, oldest);
  await removeOldWork(output, tenant, oldest);
  const pruned = { ...sum, csvRuns };
  log.info('What no sync has read again is deleted.', { stage: 'prune', oldest, ...pruned });
  return pruned;
}

/** A run's folder is named by when it began. */
async function removeOldCsv(output: ObjectStore, tenant: string, oldest: string): Promise<number> {
  const folder = `${youtubeRoot(tenant)}csv/`;
  const runs: string[] = [];
  for await (const run of allPrefixes(output, folder)) if (isBefore(run.slice(folder.length), oldest)) runs.push(run);
  for (const run of runs) await removeAll(output, run);
  return runs.length;
}

/** Whether a run, or what is named after one, began before a date. */
function isBefore(run: string, date: string): boolean {
  return /^\d{4}-\d\d-\d\dT/.test(run) && run.slice(0, date.length) < date;
}

/** Deletes every object below a prefix. */
async function removeAll(output: ObjectStore, prefix: string): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of allObjects(output, prefix)) keys.push(key);
  for await (const _deleted of orderedMap(keys, DELETES_AT_ONCE, (key) => output.delete(key)));
}
